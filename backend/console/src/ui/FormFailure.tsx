import { useTranslations } from 'use-intl';
import { ServioError } from '../../../client/src/client.js';
import { Notice } from './Notice.js';
import { useRefusals } from './refusals.js';

/** Why a form or a change was refused. */
export function FormFailure({ error }: { error: Error | null | undefined }) {
  const t = useTranslations('failure');
  const refusals = useRefusals();
  if (!error) return null;
  const isRefusal = error instanceof ServioError;
  return (
    <Notice tone="bad">
      <span>{refusals.error(error)}</span>
      {isRefusal && error.problem.requestId && (
        <span className="notice__id">{t('id', { id: error.problem.requestId })}</span>
      )}
    </Notice>
  );
}
