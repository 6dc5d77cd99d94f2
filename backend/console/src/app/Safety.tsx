import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Unloaded } from './lazily.js';

interface SafetyProps {
  /** Another path is another try. */
  path: string;
  children: ReactNode;
}

interface SafetyState {
  path: string;
  error?: unknown;
}

/**
 * Keeps a fault of one screen on that screen: without it, React takes the whole page away, and a
 * person looks at nothing. Only a class can be such a boundary.
 */
export class Safety extends Component<SafetyProps, SafetyState> {
  override state: SafetyState = { path: this.props.path };

  static getDerivedStateFromError(error: unknown): Partial<SafetyState> {
    return { error };
  }

  static getDerivedStateFromProps({ path }: SafetyProps, state: SafetyState): SafetyState | null {
    return path === state.path ? null : { path, error: undefined };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Fault error={error} />;
  }
}

function Fault({ error }: { error: unknown }) {
  const t = useTranslations('failure');
  return (
    <>
      <h1 className="hidden-text">{t('title')}</h1>
      <Notice tone="bad">
        <strong>{t(error instanceof Unloaded ? 'unreachable' : 'broken')}</strong>
        <Button icon="refresh" onClick={() => location.reload()}>
          {t('again')}
        </Button>
      </Notice>
    </>
  );
}
