/** Fixed prompts of telephone dialogues. A language without its own prompts gets English. */
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

interface VoiceTexts {
  /** As Twilio's voices are named. */
  language: string;
  welcome: string;
  again: string;
  ask_number: string;
  ask_order: string;
  read_back: string;
  goodbye: string;
  person: string;
  nobody: string;
  hours: string;
  always: string;
  closed: string;
  status: string;
  noOrder: string;
  placed: string;
  notPlaced: string;
}

const EN: VoiceTexts = {
  language: 'en-US',
  welcome:
    'Welcome to {restaurant}. For opening hours, press 1 or say hours. For an order, press 2. To order, press 3. For a person, press 0.',
  again: 'Press 1 for opening hours, 2 for an order, 3 to order, or hang up.',
  ask_number: 'Please key in the last digits of your order number.',
  ask_order: 'What would you like to take away?',
  read_back: 'You would like: {lines}. Together {total}. Press 1 or say yes to order, 2 or no to change it.',
  goodbye: 'Goodbye.',
  person: 'One moment, I connect you.',
  nobody: 'Sorry, nobody can take your call now. Please call again later.',
  hours: 'Today we are open {hours}.',
  always: 'We are always open.',
  closed: 'We are closed today.',
  status: 'Order {number} is {status}.',
  noOrder: 'I find no such order of your number today.',
  placed: 'Thank you. Your order number is {number}.',
  notPlaced: 'Sorry, I could not place this order.',
};

const TEXTS: Partial<Record<PrintLanguage, VoiceTexts>> = {
  de: {
    language: 'de-DE',
    welcome:
      'Willkommen bei {restaurant}. Für Öffnungszeiten drücken Sie die 1. Für eine Bestellung die 2. Zum Bestellen die 3. Für einen Menschen die 0.',
    again: 'Drücken Sie 1 für Öffnungszeiten, 2 für eine Bestellung, 3 zum Bestellen, oder legen Sie auf.',
    ask_number: 'Bitte geben Sie die letzten Ziffern Ihrer Bestellnummer ein.',
    ask_order: 'Was möchten Sie mitnehmen?',
    read_back:
      'Sie möchten: {lines}. Zusammen {total}. Drücken Sie 1 oder sagen Sie Ja zum Bestellen, 2 oder Nein zum Ändern.',
    goodbye: 'Auf Wiederhören.',
    person: 'Einen Moment, ich verbinde Sie.',
    nobody: 'Leider kann gerade niemand Ihren Anruf annehmen. Bitte rufen Sie später wieder an.',
    hours: 'Heute haben wir geöffnet: {hours}.',
    always: 'Wir haben immer geöffnet.',
    closed: 'Heute haben wir geschlossen.',
    status: 'Bestellung {number}: {status}.',
    noOrder: 'Ich finde heute keine solche Bestellung Ihrer Nummer.',
    placed: 'Danke. Ihre Bestellnummer ist {number}.',
    notPlaced: 'Leider konnte ich das nicht bestellen.',
  },
};

export function voiceTexts(language: PrintLanguage): VoiceTexts {
  return TEXTS[language] ?? EN;
}
