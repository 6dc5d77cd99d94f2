/** Answers to Twilio in its XML. */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Characters that XML 1.0 does not allow, even escaped. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export interface Spoken {
  text: string;
  /** BCP 47, as Twilio's voices are named. */
  language: string;
}

/**
 * Says something and listens for speech and keys.
 * @param spoken `heard` is the language of the recognition.
 * @param action address of the next step.
 */
export function listenTwiml({ text, language, heard }: Spoken & { heard: string }, action: string): string {
  return wrap(
    `<Gather input="speech dtmf" actionOnEmptyResult="true" timeout="5" speechTimeout="auto" language="${escaped(heard)}" ` +
      `action="${escaped(action)}" method="POST">${say({ text, language })}</Gather>`,
  );
}

export function hangUpTwiml(spoken: Spoken): string {
  return wrap(`${say(spoken)}<Hangup/>`);
}

/** Connects the caller to a person. */
export function dialTwiml(spoken: Spoken, number: string): string {
  return wrap(`${say(spoken)}<Dial timeout="25">${escaped(number)}</Dial>`);
}

/** Nothing to say: the answer to a text or a report. */
export const EMPTY_TWIML = wrap('');

function say({ text, language }: Spoken): string {
  return `<Say language="${escaped(language)}">${escaped(text)}</Say>`;
}

function wrap(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;
}

function escaped(text: string): string {
  return text.replaceAll(FORBIDDEN, '').replaceAll(/[&<>"']/g, (mark) => ESCAPES[mark] ?? '');
}
