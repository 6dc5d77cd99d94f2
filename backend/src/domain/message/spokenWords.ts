/**
 * Words by which callers choose, in the languages of the prompts: what the keys do too. The first
 * that fits counts, so `no` is before `yes`: in several languages, no contains yes.
 */
import type { VoiceIntent } from './voiceDialogue.js';

type SpokenKind = 'person' | 'no' | 'yes' | 'hours' | 'status' | 'order';

/**
 * Whole words or their beginnings (`*`), then texts of languages without blanks or with endings.
 */
const WORDS: [kind: SpokenKind, words: string, parts: string][] = [
  [
    'person',
    'person* human* someone operator* mensch* mitarbeiter* jemand* quelqu employé* conseill* alguien emplead* qualcuno operatore impiegat*',
    'พนักงาน موظف شخص 係 担当 オペレーター 人と 人工 服务员 직원 상담원 사람',
  ],
  [
    'no',
    'no nope change* nein ändern non modifi* changer cambi*',
    'ไม่ เปลี่ยน لا تغيير いいえ 違 変更 不是 不对 不要 修改 아니 바꾸 바꿔',
  ],
  [
    'yes',
    'yes yeah correct ja genau richtig stimmt oui exact* sí si correcto vale sì esatto va_bene 是 是的 对 对的 好 好的 네 네네 예',
    'ใช่ ตกลง نعم أجل صحيح はい そうです お願いします 没错 맞아 맞습니다',
  ],
  [
    'hours',
    'hour* open* close* öffnungs* geöffnet offen horaire* ouvert* ouvre* horario* abier* abre* orari* apert* apre*',
    'เวลาเปิด เปิดกี่โมง أوقات مفتوح تفتح 営業時間 何時 营业时间 几点 영업시간 몇_시',
  ],
  [
    'status',
    'status ready my_order fertig meine_bestellung ma_commande prête prêt suivre mi_pedido listo estado mio_ordine pronto stato',
    'สอบถามออเดอร์ ออเดอร์ของ สถานะ طلبي جاهز حالة 状況 できました 查询 我的订单 주문_확인 준비됐 상태',
  ],
  [
    'order',
    'order* takeaway take_away bestell* mitnehmen command* emporter pedir pedido encargar ordin* asporto',
    'สั่ง กลับบ้าน أطلب اطلب طلب 注文 持ち帰り 点餐 外带 订餐 주문 포장',
  ],
];

const PATTERNS = WORDS.map(([kind, words, parts]) => [kind, patternOf(words, parts)] as const);

function patternOf(words: string, parts: string): RegExp {
  const spaced = (text: string) => text.replaceAll('_', '\\s*');
  const whole = words
    .split(' ')
    .map((word) => (word.endsWith('*') ? `${spaced(word.slice(0, -1))}\\p{L}*` : spaced(word)));
  // Arabic "no" is a word of two letters, and part of many others.
  const within = parts.split(' ').map((part) => (part === 'لا' ? '(?<!\\p{L})لا(?!\\p{L})' : spaced(part)));
  return new RegExp(`(?<!\\p{L})(?:${whole.join('|')})(?!\\p{L})|${within.join('|')}`, 'iu');
}

/** The choice that was said, if it is one. */
export function spokenIntent(text: string): VoiceIntent | undefined {
  const kind = PATTERNS.find(([, pattern]) => pattern.test(text.normalize('NFC')))?.[0];
  return kind === undefined ? undefined : { kind };
}
