/** Words between the tabs of this browser, and turns that they take. */

/**
 * A channel between the tabs. @param onMessage is not called for the own messages.
 * @returns sends a message to the other tabs.
 */
export function tabChannel<Message>(name: string, onMessage: (message: Message) => void): (message: Message) => void {
  const channel = new BroadcastChannel(`servio-${name}`);
  // Only pages of this origin write to the channel, and only by this function.
  channel.onmessage = (event: MessageEvent<Message>) => onMessage(event.data);
  return (message) => channel.postMessage(message);
}

/** Runs the work when no other tab runs work of that name, one after the other. */
export function inTurn<Result>(name: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  return navigator.locks.request(`servio-${name}`, signal ? { signal } : {}, work);
}
