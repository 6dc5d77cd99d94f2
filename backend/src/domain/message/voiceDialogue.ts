/**
 * The dialogue of a telephone call as a state machine. It decides what is said and done next; the
 * model behind it only turns speech into an intent, and keys work without it.
 */

export interface WantedLine {
  menuItemId: string;
  name: string;
  quantity: number;
}

export type VoiceState =
  | { at: 'menu'; failures: number }
  | { at: 'number'; failures: number }
  | { at: 'order'; failures: number }
  | { at: 'confirm'; failures: number; lines: WantedLine[] }
  | { at: 'ended' };

/** What a caller said or pressed, understood. */
export type VoiceIntent =
  | { kind: 'hours' }
  | { kind: 'status' }
  | { kind: 'order' }
  | { kind: 'person' }
  | { kind: 'number'; number: string }
  | { kind: 'lines'; lines: WantedLine[] }
  | { kind: 'yes' }
  | { kind: 'no' }
  | { kind: 'unclear' };

/** What happens outside of the dialogue, and whose result is said. */
export type VoiceEffect =
  | { kind: 'none' }
  | { kind: 'sayHours' }
  | { kind: 'sayStatus'; number: string }
  | { kind: 'placeOrder'; lines: WantedLine[] }
  | { kind: 'connect' };

export type Prompt = 'welcome' | 'again' | 'ask_number' | 'ask_order' | 'read_back' | 'goodbye' | 'person';

export interface VoiceStep {
  state: VoiceState;
  effect: VoiceEffect;
  prompt: Prompt;
}

/** After as many misunderstandings, a person takes over. */
const MOST_FAILURES = 2;
const NONE: VoiceEffect = { kind: 'none' };

export const FIRST_STEP: VoiceStep = { state: { at: 'menu', failures: 0 }, effect: NONE, prompt: 'welcome' };

export function nextVoiceStep(state: VoiceState, intent: VoiceIntent): VoiceStep {
  if (state.at === 'ended') return { state, effect: NONE, prompt: 'goodbye' };
  if (intent.kind === 'person') return connect();
  switch (state.at) {
    case 'menu':
      return fromMenu(state, intent);
    case 'number':
      if (intent.kind !== 'number') return misunderstood(state);
      return {
        state: { at: 'menu', failures: 0 },
        effect: { kind: 'sayStatus', number: intent.number },
        prompt: 'again',
      };
    case 'order':
      if (intent.kind !== 'lines' || intent.lines.length === 0) return misunderstood(state);
      return { state: { at: 'confirm', failures: 0, lines: intent.lines }, effect: NONE, prompt: 'read_back' };
    default:
      if (intent.kind === 'yes')
        return { state: { at: 'ended' }, effect: { kind: 'placeOrder', lines: state.lines }, prompt: 'goodbye' };
      if (intent.kind === 'no') return { state: { at: 'order', failures: 0 }, effect: NONE, prompt: 'ask_order' };
      return misunderstood(state);
  }
}

function fromMenu(state: Extract<VoiceState, { at: 'menu' }>, intent: VoiceIntent): VoiceStep {
  if (intent.kind === 'hours')
    return { state: { at: 'menu', failures: 0 }, effect: { kind: 'sayHours' }, prompt: 'again' };
  if (intent.kind === 'status') return { state: { at: 'number', failures: 0 }, effect: NONE, prompt: 'ask_number' };
  if (intent.kind === 'order') return { state: { at: 'order', failures: 0 }, effect: NONE, prompt: 'ask_order' };
  return misunderstood(state);
}

/** Asks again, and gives up after two failures. */
function misunderstood(state: Exclude<VoiceState, { at: 'ended' }>): VoiceStep {
  const failures = state.failures + 1;
  if (failures >= MOST_FAILURES) return connect();
  const prompts = { menu: 'welcome', number: 'ask_number', order: 'ask_order', confirm: 'read_back' } as const;
  return { state: { ...state, failures }, effect: NONE, prompt: prompts[state.at] };
}

function connect(): VoiceStep {
  return { state: { at: 'ended' }, effect: { kind: 'connect' }, prompt: 'person' };
}

/** What a key means, in the state of the dialogue. */
export function intentOfKeys(state: VoiceState, digits: string): VoiceIntent {
  if (digits === '0') return { kind: 'person' };
  if (state.at === 'number') return { kind: 'number', number: digits };
  if (state.at === 'confirm')
    return digits === '1' ? { kind: 'yes' } : digits === '2' ? { kind: 'no' } : { kind: 'unclear' };
  if (state.at !== 'menu') return { kind: 'unclear' };
  const keys: Record<string, VoiceIntent> = { '1': { kind: 'hours' }, '2': { kind: 'status' }, '3': { kind: 'order' } };
  return keys[digits] ?? { kind: 'unclear' };
}
