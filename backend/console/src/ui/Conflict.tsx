import { useTranslations } from 'use-intl';
import { ServioError } from '../../../client/src/client.js';
import { Actions, Button } from './Button.js';
import { Dialog } from './Dialog.js';

export interface Difference {
  label: string;
  mine: string;
  theirs: string;
}

/** Whether a change was refused because somebody else changed the thing meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof ServioError && error.problem.status === 412;
}

/**
 * Shows both versions of a thing that two people changed, and asks which one is to remain.
 * @param onKeep sends the own version with the newest ETag. @param onTake shows the other one.
 */
export function Conflict({
  differences,
  onKeep,
  onTake,
  isBusy,
}: {
  differences: readonly Difference[];
  onKeep: () => void;
  onTake: () => void;
  isBusy?: boolean;
}) {
  const t = useTranslations('conflict');
  return (
    <Dialog title={t('title')} onClose={onTake}>
      <p>{t('text')}</p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('mine')}</th>
            <th scope="col">{t('theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ label, mine, theirs }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{mine}</td>
              <td>{theirs}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Actions>
        <Button onClick={onTake}>{t('take')}</Button>
        <Button look="main" isBusy={isBusy ?? false} onClick={onKeep}>
          {t('keep')}
        </Button>
      </Actions>
    </Dialog>
  );
}
