import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  isForward,
  MESSAGE_STATUSES,
  meaningOfText,
  plainMarks,
  quietMinutes,
} from '../../src/domain/message/message.js';
import {
  FIRST_STEP,
  intentOfKeys,
  nextVoiceStep,
  type VoiceIntent,
  type VoiceState,
} from '../../src/domain/message/voiceDialogue.js';
import { filledText, ownText, TEMPLATE_FIELDS, unknownFields } from '../../src/formats/messages/messageTexts.js';
import { spokenIntent } from '../../src/domain/message/spokenWords.js';
import { voiceTexts } from '../../src/formats/messages/voiceTexts.js';
import { dialTwiml, listenTwiml } from '../../src/formats/messages/twiml.js';
import { TEMPLATE_KINDS } from '../../src/domain/message/message.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';

const LINES = [{ menuItemId: 'a', name: 'Soup', quantity: 2 }];

describe('the words of a call', () => {
  test('each language has prompts of its own, with the fields of the English ones', () => {
    const fieldsOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();
    const { states: _states, ...english } = voiceTexts('en');
    for (const language of PRINT_LANGUAGES) {
      const { states, heard: _heard, ...texts } = voiceTexts(language);
      for (const [name, text] of Object.entries(english)) {
        const own = Object.entries(texts).find(([other]) => other === name)?.[1] ?? '';
        assert.deepEqual(fieldsOf(own), fieldsOf(text), `${language} ${name}`);
        assert.ok(language === 'en' || own !== text, `${language} ${name} is its own`);
      }
      assert.equal(new Set(Object.values(states)).size, 6);
    }
  });

  test('choices are understood in each language, and no is never taken for yes', () => {
    const SAID: [string, VoiceIntent['kind']][] = [
      ['Yes, please', 'yes'],
      ['No, change it', 'no'],
      ['When are you open?', 'hours'],
      ['I want to talk to a person', 'person'],
      ['Ja, genau', 'yes'],
      ['Nein', 'no'],
      ['Ich möchte bestellen', 'order'],
      ['Ist meine Bestellung fertig?', 'status'],
      ['Oui, c’est exact', 'yes'],
      ['Non merci', 'no'],
      ['Vos horaires ?', 'hours'],
      ['Je voudrais commander', 'order'],
      ['Sí, vale', 'yes'],
      ['No, quiero cambiar', 'no'],
      ['¿A qué hora abren?', 'hours'],
      ['¿Está listo mi pedido?', 'status'],
      ['Sì, va bene', 'yes'],
      ['Siete aperti?', 'hours'],
      ['Vorrei ordinare', 'order'],
      ['Un operatore', 'person'],
      ['ใช่ค่ะ', 'yes'],
      ['ไม่ใช่', 'no'],
      ['เวลาเปิด', 'hours'],
      ['สั่งอาหาร', 'order'],
      ['نعم', 'yes'],
      ['لا', 'no'],
      ['أوقات العمل', 'hours'],
      ['أريد موظف', 'person'],
      ['はい、お願いします', 'yes'],
      ['いいえ', 'no'],
      ['営業時間は', 'hours'],
      ['注文したい', 'order'],
      ['是的', 'yes'],
      ['不是', 'no'],
      ['营业时间', 'hours'],
      ['我要点餐', 'order'],
      ['네', 'yes'],
      ['아니요', 'no'],
      ['영업시간이 어떻게 돼요', 'hours'],
      ['주문할게요', 'order'],
    ];
    for (const [text, kind] of SAID) assert.equal(spokenIntent(text)?.kind, kind, text);
    for (const text of ['对不起', '예약', '不对', 'nowhere', 'Jahr', 'hello'])
      assert.notEqual(spokenIntent(text)?.kind, 'yes', text);
    assert.equal(spokenIntent('hello'), undefined);
  });
});

describe('the dialogue of a call', () => {
  test('an order is read back before it is placed', () => {
    let step = nextVoiceStep(FIRST_STEP.state, intentOfKeys(FIRST_STEP.state, '3'));
    assert.deepEqual([step.prompt, step.effect.kind], ['ask_order', 'none']);
    step = nextVoiceStep(step.state, { kind: 'lines', lines: LINES });
    assert.deepEqual([step.prompt, step.effect.kind], ['read_back', 'none']);
    assert.equal(nextVoiceStep(step.state, intentOfKeys(step.state, '2')).prompt, 'ask_order');
    step = nextVoiceStep(step.state, intentOfKeys(step.state, '1'));
    assert.deepEqual(step.effect, { kind: 'placeOrder', lines: LINES });
    assert.equal(step.state.at, 'ended');
  });

  test('a person takes over after two failures, and whenever asked', () => {
    const once = nextVoiceStep(FIRST_STEP.state, { kind: 'unclear' });
    assert.equal(once.prompt, 'welcome');
    assert.equal(nextVoiceStep(once.state, { kind: 'unclear' }).effect.kind, 'connect');
    assert.equal(nextVoiceStep(FIRST_STEP.state, intentOfKeys(FIRST_STEP.state, '0')).effect.kind, 'connect');
  });

  test('whatever is said, nothing is placed that was not read back and agreed to', () => {
    const intent: fc.Arbitrary<VoiceIntent> = fc.oneof(
      fc.constantFrom<VoiceIntent>(
        { kind: 'hours' },
        { kind: 'status' },
        { kind: 'order' },
        { kind: 'yes' },
        { kind: 'no' },
        { kind: 'unclear' },
      ),
      fc.constant<VoiceIntent>({ kind: 'lines', lines: LINES }),
      fc.constant<VoiceIntent>({ kind: 'lines', lines: [] }),
      fc.constant<VoiceIntent>({ kind: 'number', number: '7' }),
    );
    fc.assert(
      fc.property(fc.array(intent, { maxLength: 30 }), (intents) => {
        let state: VoiceState = FIRST_STEP.state;
        for (const one of intents) {
          const step = nextVoiceStep(state, one);
          if (step.effect.kind === 'placeOrder') {
            assert.equal(state.at, 'confirm');
            assert.equal(one.kind, 'yes');
            assert.ok(step.effect.lines.length > 0);
          }
          state = step.state;
        }
      }),
    );
  });
});

describe('messages', () => {
  test('states only go forward', () => {
    for (const from of MESSAGE_STATUSES) {
      assert.equal(isForward(from, from), false);
      for (const to of MESSAGE_STATUSES) assert.ok(!(isForward(from, to) && isForward(to, from)));
    }
    assert.equal(isForward('delivered', 'failed'), false);
    assert.equal(isForward('unknown', 'sent'), true);
  });

  test('quiet hours may span midnight and never hold a ready order', () => {
    const at = (minute: number) => ({ minute });
    assert.equal(quietMinutes('marketing', at(22 * 60), '21:00', '08:00'), 600);
    assert.equal(quietMinutes('marketing', at(7 * 60 + 59), '21:00', '08:00'), 1);
    assert.equal(quietMinutes('marketing', at(8 * 60), '21:00', '08:00'), 0);
    assert.equal(quietMinutes('marketing', at(13 * 60), '12:00', '14:00'), 60);
    assert.equal(quietMinutes('marketing', at(0), '08:00', '08:00'), 0);
    assert.equal(quietMinutes('order_ready', at(23 * 60), '21:00', '08:00'), 0);
  });

  test('STOP is understood in many spellings, and only as the whole text', () => {
    for (const text of ['STOP', ' stop. ', 'Stopp', 'UNSUBSCRIBE', 'arrêt', 'หยุด'])
      assert.equal(meaningOfText(text, undefined), 'stop', text);
    assert.equal(meaningOfText('anything', 'STOP'), 'stop');
    assert.equal(meaningOfText('do not stop cooking', undefined), 'other');
    assert.equal(meaningOfText('Start', undefined), 'start');
  });

  test('every kind has a text in every language, with all of its fields and no other', () => {
    for (const kind of TEMPLATE_KINDS)
      for (const language of PRINT_LANGUAGES) {
        const text = ownText(kind, language);
        assert.deepEqual(unknownFields(kind, text), []);
        // The name of the person is a courtesy.
        for (const field of TEMPLATE_FIELDS[kind])
          assert.ok(text.includes(`{${field}}`), `${kind} ${language} ${field}`);
      }
  });

  test('a field that looks like a template stays text, and typographic marks become plain', () => {
    assert.equal(filledText('{a} {b}', { a: '{b}', b: '1' }), '{b} 1');
    assert.equal(plainMarks('It’s “1” – 2…'), 'It\'s "1" - 2...');
  });

  test('TwiML escapes what a guest or a dish is called', () => {
    const evil = { text: '</Say><Dial>+1900</Dial>"&\u0007', language: 'en-US' };
    const xml = listenTwiml({ ...evil, heard: evil.language }, 'https://x.example/v1/twilio/voice?step=1&a=2');
    assert.doesNotMatch(xml, /<Dial>|\u0007/);
    assert.match(xml, /step=1&amp;a=2/);
    assert.match(xml, /input="speech dtmf"/);
    assert.match(dialTwiml(evil, '+491'), /<Dial timeout="25">\+491<\/Dial>/);
  });
});
