import { useLocation } from 'wouter';
import { IconButton } from '../ui/Button.js';
import { useOwnScreens } from './ownScreens.js';

/** From a screen without navigation to the other ones, for somebody who has some. */
export function WayOut({ label }: { label: string }) {
  const [, go] = useLocation();
  const other = useOwnScreens().find(({ isWhole }) => !isWhole);
  return other ? <IconButton icon="back" label={label} onClick={() => go(other.path)} /> : null;
}
