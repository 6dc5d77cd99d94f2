import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

const [LEAST, USUAL] = [240, 720];

/**
 * The width of a picture in pixels, so that its letters have the size of the page's, on a phone as
 * on a wall. @returns the reference for the element, and its width.
 */
export function useWidth(): [RefObject<SVGSVGElement | null>, number] {
  const place = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(USUAL);
  useLayoutEffect(() => {
    const element = place.current?.parentElement;
    if (!element) return undefined;
    const measure = (): void => setWidth(Math.max(LEAST, Math.round(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
