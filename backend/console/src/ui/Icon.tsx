import { ICONS, type IconName } from './icons.js';

/** Direction matters: these turn round where people read from the right. */
const TURNING = new Set<IconName>(['back', 'onward', 'leave', 'undo', 'truck', 'delivery']);

/** A picture beside words. @param label says it to a screen reader where there are no words. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  const spoken = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      data-turning={TURNING.has(name) || undefined}
      {...spoken}
    >
      <path d={ICONS[name]} />
    </svg>
  );
}
