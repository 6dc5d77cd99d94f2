import { useCallback, useState } from 'react';

/** Before the first measurement, and in print. */
const USUAL_PX = 640;

/**
 * The width of an element in pixels: charts are drawn in them, so that their words stay legible.
 */
export function useWidth<Found extends Element>(): [(found: Found) => () => void, number] {
  const [width, setWidth] = useState(USUAL_PX);
  const follow = useCallback((found: Found) => {
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.floor(entry?.contentRect.width ?? 0);
      if (measured > 0) setWidth(measured);
    });
    observer.observe(found);
    return () => observer.disconnect();
  }, []);
  return [follow, width];
}
