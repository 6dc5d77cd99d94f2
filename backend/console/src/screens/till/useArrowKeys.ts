import { type RefObject, useEffect } from 'react';

/** Arrow keys go from one button of a grid to its neighbour, up and down by what is seen. */
export function useArrowKeys(place: RefObject<HTMLElement | null>, selector: string): void {
  useEffect(() => {
    const frame = place.current;
    const onKey = (event: KeyboardEvent): void => {
      if (frame) move(event, [...frame.querySelectorAll<HTMLElement>(selector)]);
    };
    frame?.addEventListener('keydown', onKey);
    return () => frame?.removeEventListener('keydown', onKey);
  }, [place, selector]);
}

function move(event: KeyboardEvent, all: readonly HTMLElement[]): void {
  const place = all.findIndex((one) => one === document.activeElement);
  const here = all[place];
  if (!here) return;
  const forth = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  const next = {
    [forth]: all[place + 1],
    [back]: all[place - 1],
    ArrowDown: all.slice(place).find((one) => isBeside(here, one) && topOf(one) > topOf(here)),
    ArrowUp: all.slice(0, place).findLast((one) => isBeside(here, one) && topOf(one) < topOf(here)),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function topOf(one: HTMLElement): number {
  return Math.round(one.getBoundingClientRect().top);
}

/** In the same column. */
function isBeside(one: HTMLElement, other: HTMLElement): boolean {
  const [first, second] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return first.left < second.right && second.left < first.right;
}
