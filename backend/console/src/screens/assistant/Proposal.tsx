import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AssistantProposal } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useNow } from '../../ui/useNow.js';

/** Answers to a proposal change these, beside what the events name. */
const STALE = ['listMenuItems', 'listPurchaseOrders', 'listStockCounts'] as const;

/** A change that happens only when the person confirms it. */
export function Proposal({ proposal }: { proposal: AssistantProposal }) {
  const t = useTranslations('assistant');
  const { time } = useFormat();
  const [answer, setAnswer] = useState<'confirmed' | 'dismissed'>();
  const isCutOff = useIsCutOff();
  const confirm = useChange('confirmAssistantProposal', STALE);
  const dismiss = useChange('dismissAssistantProposal');
  const isLate = useNow(5_000) > Date.parse(proposal.expiresAt);
  const { id, hash } = proposal;
  return (
    <section className="assistant__proposal" aria-label={t('proposal', { name: proposal.subject })}>
      <strong>
        {t(`actions.${proposal.action}`)}: {proposal.subject}
      </strong>
      <Diff proposal={proposal} />
      <FormFailure error={confirm.error ?? dismiss.error} />
      {answer ? (
        <Chip tone={answer === 'confirmed' ? 'ok' : undefined}>{t(answer)}</Chip>
      ) : isLate ? (
        <p className="muted">{t('late')}</p>
      ) : (
        <div className="row">
          <Button
            look="main"
            icon="check"
            isBusy={confirm.isPending}
            disabled={isCutOff}
            onClick={() => confirm.mutate({ id, body: { hash } }, { onSuccess: () => setAnswer('confirmed') })}
          >
            {t('confirm')}
          </Button>
          <Button
            isBusy={dismiss.isPending}
            disabled={isCutOff}
            onClick={() => dismiss.mutate({ id }, { onSuccess: () => setAnswer('dismissed') })}
          >
            {t('dismiss')}
          </Button>
          <span className="muted">{t('until', { time: time(proposal.expiresAt) })}</span>
        </div>
      )}
    </section>
  );
}

function Diff({ proposal: { diff } }: { proposal: AssistantProposal }) {
  const t = useTranslations('assistant');
  const { money } = useFormat();
  const words = (field: string, value: string | number | boolean | null): string => {
    if (value === null) return '–';
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return field === 'price' && typeof value === 'number' ? money(value) : String(value);
  };
  return (
    <ul className="assistant__list">
      {diff.map(({ field, from, to }) => (
        <li key={field}>
          <span className="muted">{t.has(`fields.${field}`) ? t(`fields.${field}`) : field}:</span>{' '}
          {from !== null && (
            <>
              <del>{words(field, from)}</del> <span aria-hidden="true">→</span>{' '}
            </>
          )}
          <ins>{words(field, to)}</ins>
        </li>
      ))}
    </ul>
  );
}
