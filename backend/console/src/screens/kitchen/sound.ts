/** Two tones for a new ticket, three low ones for a screen that is not current. */

let audio: AudioContext | undefined;

const TUNES = { ticket: [880, 1_175], stale: [330, 262, 330] } as const;
const TONE_SECONDS = 0.18;

/** Browsers allow it after the first press on the page. */
export function play(tune: keyof typeof TUNES): void {
  audio ??= new AudioContext();
  const { currentTime, destination } = audio;
  for (const [place, frequency] of TUNES[tune].entries()) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = currentTime + place * TONE_SECONDS;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.3, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
    tone.connect(volume).connect(destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}
