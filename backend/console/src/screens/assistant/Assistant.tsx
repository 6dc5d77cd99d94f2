import { type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { ServioError } from '../../../../client/src/client.js';
import { useMay, useMe } from '../../app/me.js';
import { useStore } from '../../app/useStore.js';
import { useAsked } from '../../app/useAsked.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { TextArea } from '../../ui/Field.js';
import { ask, conversation, forget, stop } from './conversation.js';
import { Earlier } from './Earlier.js';
import { SwitchOn } from './SwitchOn.js';
import { Turn } from './Turn.js';

const EXAMPLES = ['sales', 'low', 'orders'] as const;

/** Questions about the own data, and changes that a person confirms. */
export function Screen() {
  const t = useTranslations('assistant');
  const { restaurant } = useMe();
  const { turns } = useStore(conversation);
  const [earlier, setEarlier] = useAsked('earlier');
  const isMissing = turns.some(
    ({ failure }) => failure instanceof ServioError && failure.problem.code === 'assistant_not_configured',
  );
  return (
    <div className="screen assistant">
      <div className="spread">
        <h1>{t('title')}</h1>
        <div className="row no-print">
          {restaurant.isAssistantOn && (
            <Button icon="clock" onClick={() => setEarlier('yes')}>
              {t('earlier')}
            </Button>
          )}
          {turns.length > 0 && (
            <Button icon="plus" onClick={forget}>
              {t('anew')}
            </Button>
          )}
        </div>
      </div>
      {!restaurant.isAssistantOn ? (
        <SwitchOn />
      ) : isMissing ? (
        <Empty icon="assistant" title={t('missing')} text={t('missingText')}>
          <Button icon="refresh" onClick={forget}>
            {t('tryAgain')}
          </Button>
        </Empty>
      ) : (
        <Talk />
      )}
      {earlier !== undefined && <Earlier onClose={() => setEarlier(undefined)} />}
    </div>
  );
}

function Talk() {
  const t = useTranslations('assistant');
  const { turns } = useStore(conversation);
  const last = turns.at(-1);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [turns.length, last?.state]);
  return (
    <>
      {turns.length === 0 && (
        <Empty icon="assistant" title={t('ask')} text={t('askText')}>
          <Examples />
        </Empty>
      )}
      <ol className="assistant__turns">
        {turns.map((turn) => (
          <Turn key={turn.id} turn={turn} />
        ))}
      </ol>
      {/* The growing text is not spoken: a screen reader would begin anew with each word. */}
      <p className="hidden-text" role="status">
        {last?.state === 'growing' ? t('thinking') : last?.state === 'done' ? last.text : ''}
      </p>
      <Question isGrowing={last?.state === 'growing'} />
      <div ref={end} />
    </>
  );
}

function Examples() {
  const t = useTranslations('assistant.examples');
  const [maySales, mayStock] = [useMay('reports:read'), useMay('inventory:read')];
  const may = { sales: maySales, low: mayStock, orders: useMay('orders:read') };
  return (
    <div className="row">
      {EXAMPLES.filter((name) => may[name]).map((name) => (
        <Button key={name} onClick={() => void ask(t(name))}>
          {t(name)}
        </Button>
      ))}
    </div>
  );
}

function Question({ isGrowing }: { isGrowing: boolean }) {
  const t = useTranslations('assistant');
  const isCutOff = useIsCutOff();
  const send = (form: HTMLFormElement): void => {
    const question = new FormData(form).get('question');
    if (typeof question !== 'string' || question.trim() === '' || isGrowing || isCutOff) return;
    form.reset();
    void ask(question.trim());
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    send(event.currentTarget);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || !event.currentTarget.form) return;
    event.preventDefault();
    send(event.currentTarget.form);
  };
  return (
    <form className="assistant__question card no-print" onSubmit={onSubmit}>
      <TextArea label={t('question')} hint={t('questionHint')} name="question" maxLength={2000} onKeyDown={onKeyDown} />
      {isGrowing ? (
        <Button icon="close" onClick={stop}>
          {t('stop')}
        </Button>
      ) : (
        <Button look="main" type="submit" disabled={isCutOff}>
          {t('send')}
        </Button>
      )}
    </form>
  );
}
