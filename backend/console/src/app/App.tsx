import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { type AbstractIntlMessages, IntlProvider } from 'use-intl';
import { Route, Router, Switch } from 'wouter';
import { loadMessages } from '../i18n/languages.js';
import { Toasts } from '../ui/Toasts.js';
import { lazily } from './lazily.js';
import { directionOf, language, type Language } from './preferences.js';
import { followNews, queryClient } from './queries.js';
import { Safety } from './Safety.js';
import { sessionState } from './session.js';
import { useStore } from './useStore.js';

const Shell = lazily(async () => (await import('./Shell.js')).Shell);
const Health = lazily(async () => (await import('../screens/health/Health.js')).Screen);

/** Everything that all screens need. */
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

/** The health of the server is open to its operators; all else needs a session. */
function Rooms() {
  const state = useStore(sessionState);
  useEffect(followNews, []);
  useEffect(() => {
    // The next person must not see what was loaded for this one.
    if (state === 'out') queryClient.clear();
  }, [state]);
  if (state === 'starting') return null;
  return (
    <Switch>
      <Route path="/health">
        <Health />
      </Route>
      <Route>{state === 'out' ? <Away /> : <Shell isOver={state === 'over'} />}</Route>
    </Switch>
  );
}

/** Without a session, the page begins anew, at the door: the start of it decides. */
function Away() {
  useEffect(() => location.reload(), []);
  return null;
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
