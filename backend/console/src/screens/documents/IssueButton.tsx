import { useTranslations } from 'use-intl';
import type { Document } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';

/** Gives a draft its number. */
export function IssueButton({ document: { id } }: { document: Document }) {
  const t = useTranslations('documents');
  const issue = useChange('issueDocument', ['getDocument', 'listDocuments']);
  return (
    <>
      <Button
        look="main"
        icon="check"
        isBusy={issue.isPending}
        onClick={() =>
          issue.mutate({ id }, { onSuccess: ({ data }) => toast(t('nowIssued', { number: data.number ?? '' })) })
        }
      >
        {t('issue')}
      </Button>
      <FormFailure error={issue.error} />
    </>
  );
}
