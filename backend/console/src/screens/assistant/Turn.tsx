import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { AssistantSource } from '../../../../client/src/api.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import type { AskedTurn } from './conversation.js';
import { Proposal } from './Proposal.js';
import { placeOf } from './sources.js';

/** A question with its answer, the proposals in it, and what it was computed from. */
export function Turn({ turn }: { turn: AskedTurn }) {
  const t = useTranslations('assistant');
  const isGrowing = turn.state === 'growing';
  return (
    <li className="assistant__turn">
      <p className="assistant__asked">
        <span className="hidden-text">{t('you')}: </span>
        {turn.question}
      </p>
      <div className="assistant__answer card stack" aria-busy={isGrowing}>
        {turn.text !== '' && <p className="assistant__text">{turn.text}</p>}
        {isGrowing && <p className="muted">{turn.looks > 0 ? t('looking', { count: turn.looks }) : t('thinking')}</p>}
        {turn.state === 'failed' &&
          (turn.failure ? <FormFailure error={turn.failure} /> : <Notice tone="warn">{t('stopped')}</Notice>)}
        {turn.proposals.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} />
        ))}
        {turn.sources.length > 0 && (
          <div>
            <h2 className="assistant__sources">{t('sources')}</h2>
            <ul className="assistant__list">
              {turn.sources.map((source) => (
                <Source key={`${source.tool} ${source.href}`} source={source} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </li>
  );
}

function Source({ source: { href, figures } }: { source: AssistantSource }) {
  const t = useTranslations();
  const { noun, query } = placeOf(href);
  const path = useScreenPath(noun);
  const title = t.has(`${noun}.title`) ? t(`${noun}.title`) : t('assistant.data');
  const words = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  return (
    <li>
      {path === undefined ? <strong>{title}</strong> : <Link href={`${path}${query}`}>{title}</Link>}
      {words.length > 0 && <span className="muted number assistant__figures"> {words.join(' · ')}</span>}
    </li>
  );
}
