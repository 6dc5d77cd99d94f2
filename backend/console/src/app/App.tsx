import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { type AbstractIntlMessages, IntlProvider } from 'use-intl';
import { Route, Router, Switch } from 'wouter';
import { loadMessages } from '../i18n/languages.js';
import { Toasts } from '../ui/Toasts.js';
import { lazily } from './lazily.js';
import { directionOf, language, type Language } from './preferences.js';
import { followNews, queryClient } from './queries.js';
import { Safety } from './Safety.js';
import { sessionState } from './session.js';
import { useStore } from './store.js';

const Shell = lazy(async () => ({ default: (await import('./Shell.js')).Shell }));
const Login = lazily(async () => (await import('../doors/Login.js')).Login);
const Forgotten = lazily(async () => (await import('../doors/Forgotten.js')).Forgotten);
const Reset = lazily(async () => (await import('../doors/Reset.js')).Reset);
const Health = lazily(async () => (await import('../screens/health/Health.js')).Screen);
const ConfirmAddress = lazily(async () => (await import('../doors/ConfirmAddress.js')).ConfirmAddress);
const Invitation = lazily(async () => (await import('../doors/Invitation.js')).Invitation);

/** Everything that all screens need, and the choice between the doors and the house. */
export function App() {
  const chosen = useStore(language);
  return (
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={directionOf(chosen)}>
        <Messages language={chosen}>
          <QueryClientProvider client={queryClient}>
            <Router base="/console">
              <Safety path="">
                <Rooms />
              </Safety>
            </Router>
            <Toasts />
          </QueryClientProvider>
        </Messages>
      </DirectionProvider>
    </CSPProvider>
  );
}

/**
 * Invitations, forgotten passwords and new addresses are open to everybody, and the health of the server to its
 * operators; all else needs a session.
 */
function Rooms() {
  const state = useStore(sessionState);
  useEffect(followNews, []);
  useEffect(() => {
    // The next person must not see what was loaded for this one.
    if (state === 'out') queryClient.clear();
  }, [state]);
  if (state === 'starting') return null;
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/forgotten" component={Forgotten} />
        <Route path="/reset-password" component={Reset} />
        <Route path="/confirm-email" component={ConfirmAddress} />
        <Route path="/invitation" component={Invitation} />
        <Route path="/health" component={Health} />
        <Route>{state === 'out' ? <Login /> : <Shell isOver={state === 'over'} />}</Route>
      </Switch>
    </Suspense>
  );
}

function Messages({ language: wanted, children }: { language: Language; children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ locale: Language; messages: AbstractIntlMessages }>();
  useEffect(() => {
    let isWanted = true;
    void loadMessages(wanted).then((messages) => isWanted && setLoaded({ locale: wanted, messages }));
    return () => {
      isWanted = false;
    };
  }, [wanted]);
  if (!loaded) return null;
  return (
    <IntlProvider locale={loaded.locale} messages={loaded.messages} timeZone="UTC">
      {children}
    </IntlProvider>
  );
}
