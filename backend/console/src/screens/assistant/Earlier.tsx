import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange, usePages } from '../../app/queries.js';
import { useStore } from '../../app/useStore.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Sheet } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Region } from '../../ui/Region.js';
import { SearchField } from '../../ui/SearchField.js';
import { conversation, forget, resume } from './conversation.js';

/** More than a person has: the server keeps thirty. */
const LIMIT = 50;

/** Conversations of this person: found by words in them, opened again, and deleted. */
export function Earlier({ onClose }: { onClose: () => void }) {
  const t = useTranslations('assistant');
  const { moment } = useFormat();
  const [q, setQ] = useState<string>();
  const [failure, setFailure] = useState<Error>();
  const { id: current } = useStore(conversation);
  const { query } = usePages('listAssistantConversations', { query: { limit: LIMIT, ...(q && { q }) } });
  const remove = useChange('deleteAssistantConversation', ['listAssistantConversations']);
  const open = (id: string): void => {
    resume(id).then(onClose, setFailure);
  };
  return (
    <Sheet title={t('earlier')} onClose={onClose}>
      <p className="muted">{t('earlierText')}</p>
      <SearchField id="assistant-search" label={t('searchEarlier')} value={q ?? ''} onChange={setQ} />
      <FormFailure error={failure ?? remove.error} />
      <Region
        query={query}
        label={t('earlier')}
        isEmpty={(all) => all.length === 0}
        empty={<p>{t(q === undefined ? 'noEarlier' : 'noEarlierFound')}</p>}
      >
        {(all) => (
          <ul className="assistant__earlier">
            {all.map(({ id, title, usedAt }) => (
              <li key={id}>
                <Button
                  look="quiet"
                  className="assistant__open"
                  aria-current={id === current || undefined}
                  onClick={() => open(id)}
                >
                  <span className="assistant__title">{title}</span>
                  <span className="muted">{moment(usedAt)}</span>
                </Button>
                <ConfirmButton
                  isBusy={remove.isPending && remove.variables.id === id}
                  onConfirm={() => remove.mutate({ id }, { onSuccess: () => id === current && forget() })}
                >
                  {t('deleteEarlier')}
                </ConfirmButton>
              </li>
            ))}
          </ul>
        )}
      </Region>
    </Sheet>
  );
}
