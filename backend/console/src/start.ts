/**
 * The start of each page: the doors for somebody without a session, else the console. It is small,
 * because nothing else is asked for before it has run.
 */
import { console as built } from 'servio:built';
import { applyPreferences, language } from './app/preferences.js';
import { hadSession } from './app/remembered.js';
import type { Entry } from './doors/entry.js';
import { loadDoorMessages } from './i18n/doorLanguages.js';

/** Open to everybody, with or without a session: links of mails lead there. */
const DOORS = /^\/console\/(?:forgotten|reset-password|confirm-email|invitation)\/?$/;
/** Operators see it without a session. */
const HEALTH = /^\/console\/health\/?$/;
/** A page whose files did not arrive tries again: they may have others' names by then. */
const AGAIN_MS = 5_000;

let styleLoaded: Promise<void> | undefined;
const root = document.getElementById('root') ?? document.body;

const endPreferences = applyPreferences();
begin().catch(() => setTimeout(() => location.reload(), AGAIN_MS));

async function begin(): Promise<void> {
  const isOpen = HEALTH.test(location.pathname) || hadSession.get();
  if (DOORS.test(location.pathname) || !isOpen) await showDoors();
  else await openConsole();
}

/** @param makeRoom is called when all is there. */
async function openConsole(entry?: Entry, makeRoom?: () => void): Promise<void> {
  const { startConsole } = await loadConsole();
  makeRoom?.();
  endPreferences();
  startConsole(root, entry);
}

async function showDoors(): Promise<void> {
  // Both at once: a round trip of a phone takes longer than either.
  const [doors, messages] = await Promise.all([import('./doors/Doors.js'), loadDoorMessages(language.get())]);
  const takeAway = doors.showDoors(root, { messages, loadMessages: loadDoorMessages, onEntry: enter });
  const endWaiting = hadSession.follow(joinOtherTab);
  fetchAhead();

  /** The console takes the place of the door that let somebody in. */
  async function enter(entry: Entry): Promise<void> {
    endWaiting();
    try {
      await openConsole(entry, () => {
        takeAway();
        if (DOORS.test(location.pathname)) history.replaceState(history.state, '', '/console');
      });
    } catch {
      // The session is in its cookie: the page begins with it as soon as it can be had.
      hadSession.set(true);
      location.reload();
    }
  }
}

/** Somebody came in by another tab of this browser: this one is theirs, too. */
function joinOtherTab(): void {
  if (hadSession.get() && !DOORS.test(location.pathname)) location.reload();
}

async function loadConsole(): ReturnType<typeof built.load> {
  addPreloads();
  const [loaded] = await Promise.all([built.load(), loadStyle()]);
  return loaded;
}

/** Fetches the console while the person types, after all that the door itself needs. */
function fetchAhead(): void {
  const fetchAll = (): void => {
    addPreloads();
    // A failure is told when the file is needed.
    loadStyle().catch(() => undefined);
  };
  if (document.readyState === 'complete') setTimeout(fetchAll);
  else addEventListener('load', () => setTimeout(fetchAll), { once: true });
}

/** All scripts at once: each imports others, and would wait a round trip for them. */
function addPreloads(): void {
  for (const name of built.filesIn(language.get())) addLink('modulepreload', name);
}

function loadStyle(): Promise<void> {
  styleLoaded ??= new Promise((resolve, reject) => {
    const link = addLink('stylesheet', built.style);
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => reject(new Error(`${built.style} could not be loaded`)));
  });
  return styleLoaded;
}

function addLink(rel: string, href: string): HTMLLinkElement {
  const link = Object.assign(document.createElement('link'), { rel, href });
  document.head.append(link);
  return link;
}
