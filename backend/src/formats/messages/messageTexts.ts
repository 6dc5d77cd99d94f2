/** Servio's own texts of messages, by kind and language, and how fields are put in. */
import type { TemplateKind } from '../../domain/message/message.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

/** The first line of a mail's text is its subject. */
const TEXTS: Record<TemplateKind, Record<PrintLanguage, string>> = {
  order_ready: {
    en: '{restaurant}: your order {number} is ready.',
    de: '{restaurant}: Ihre Bestellung {number} ist fertig.',
    fr: '{restaurant} : votre commande {number} est prête.',
    es: '{restaurant}: su pedido {number} está listo.',
    it: '{restaurant}: il suo ordine {number} è pronto.',
    th: '{restaurant}: ออเดอร์ {number} ของคุณพร้อมแล้ว',
    ar: '{restaurant}: طلبك {number} جاهز.',
    ja: '{restaurant}: ご注文 {number} の準備ができました。',
    zh: '{restaurant}：您的订单 {number} 已备好。',
    ko: '{restaurant}: 주문 {number}이(가) 준비되었습니다.',
  },
  low_stock_digest: {
    en: '{restaurant}: low stock\n{items}',
    de: '{restaurant}: Bestand niedrig\n{items}',
    fr: '{restaurant} : stock bas\n{items}',
    es: '{restaurant}: existencias bajas\n{items}',
    it: '{restaurant}: scorte basse\n{items}',
    th: '{restaurant}: สต็อกเหลือน้อย\n{items}',
    ar: '{restaurant}: مخزون منخفض\n{items}',
    ja: '{restaurant}: 在庫不足\n{items}',
    zh: '{restaurant}：库存不足\n{items}',
    ko: '{restaurant}: 재고 부족\n{items}',
  },
  day_close: {
    en: '{restaurant}: {date} closed\n{number}, total {total}\nHash {hash}',
    de: '{restaurant}: {date} abgeschlossen\n{number}, Summe {total}\nPrüfwert {hash}',
    fr: '{restaurant} : {date} clôturé\n{number}, total {total}\nEmpreinte {hash}',
    es: '{restaurant}: {date} cerrado\n{number}, total {total}\nHuella {hash}',
    it: '{restaurant}: {date} chiuso\n{number}, totale {total}\nImpronta {hash}',
    th: '{restaurant}: ปิดวัน {date}\n{number} รวม {total}\nแฮช {hash}',
    ar: '{restaurant}: أُغلق {date}\n{number}، المجموع {total}\nالبصمة {hash}',
    ja: '{restaurant}: {date} 締め\n{number} 合計 {total}\nハッシュ {hash}',
    zh: '{restaurant}：{date} 已结账\n{number}，合计 {total}\n哈希 {hash}',
    ko: '{restaurant}: {date} 마감\n{number}, 합계 {total}\n해시 {hash}',
  },
  invitation: {
    en: 'Invitation to {restaurant}\nHello {name},\n\nyou are invited to join {restaurant} on Servio. Your code, valid until {expiresAt}:\n\n{token}\n',
    de: 'Einladung zu {restaurant}\nHallo {name},\n\nSie sind zu {restaurant} auf Servio eingeladen. Ihr Code, gültig bis {expiresAt}:\n\n{token}\n',
    fr: 'Invitation à {restaurant}\nBonjour {name},\n\nvous êtes invité à rejoindre {restaurant} sur Servio. Votre code, valable jusqu’au {expiresAt} :\n\n{token}\n',
    es: 'Invitación a {restaurant}\nHola {name}:\n\nle invitamos a unirse a {restaurant} en Servio. Su código, válido hasta {expiresAt}:\n\n{token}\n',
    it: 'Invito a {restaurant}\nBuongiorno {name},\n\nla invitiamo a unirsi a {restaurant} su Servio. Il suo codice, valido fino al {expiresAt}:\n\n{token}\n',
    th: 'คำเชิญเข้าร่วม {restaurant}\nสวัสดี {name}\n\nคุณได้รับเชิญเข้าร่วม {restaurant} บน Servio รหัสของคุณ ใช้ได้ถึง {expiresAt}:\n\n{token}\n',
    ar: 'دعوة إلى {restaurant}\nمرحبًا {name}،\n\nأنت مدعو للانضمام إلى {restaurant} على Servio. رمزك صالح حتى {expiresAt}:\n\n{token}\n',
    ja: '{restaurant} への招待\n{name} 様\n\nServio の {restaurant} に招待されました。コード（{expiresAt} まで有効）:\n\n{token}\n',
    zh: '邀请加入 {restaurant}\n{name}，您好：\n\n您受邀加入 Servio 上的 {restaurant}。您的代码，有效至 {expiresAt}：\n\n{token}\n',
    ko: '{restaurant} 초대\n{name}님,\n\nServio의 {restaurant}에 초대되었습니다. 코드({expiresAt}까지 유효):\n\n{token}\n',
  },
  password_reset: {
    en: 'New password for Servio\nSomebody asked for a new password for your account of {restaurants}. If it was not you, ignore this mail. Your code, valid until {expiresAt}:\n\n{token}\n',
    de: 'Neues Passwort für Servio\nFür Ihr Konto bei {restaurants} wurde ein neues Passwort angefordert. Wenn Sie das nicht waren, ignorieren Sie diese Mail. Ihr Code, gültig bis {expiresAt}:\n\n{token}\n',
    fr: 'Nouveau mot de passe pour Servio\nUn nouveau mot de passe a été demandé pour votre compte de {restaurants}. Sinon, ignorez ce message. Votre code, valable jusqu’au {expiresAt} :\n\n{token}\n',
    es: 'Nueva contraseña para Servio\nSe pidió una nueva contraseña para su cuenta de {restaurants}. Si no fue usted, ignore este correo. Su código, válido hasta {expiresAt}:\n\n{token}\n',
    it: 'Nuova password per Servio\nÈ stata chiesta una nuova password per il suo account di {restaurants}. Se non è stato lei, ignori questa mail. Il suo codice, valido fino al {expiresAt}:\n\n{token}\n',
    th: 'รหัสผ่านใหม่สำหรับ Servio\nมีการขอรหัสผ่านใหม่สำหรับบัญชีของคุณที่ {restaurants} หากไม่ใช่คุณ โปรดละเว้นอีเมลนี้ รหัสของคุณ ใช้ได้ถึง {expiresAt}:\n\n{token}\n',
    ar: 'كلمة مرور جديدة لـ Servio\nطُلبت كلمة مرور جديدة لحسابك في {restaurants}. إن لم تكن أنت فتجاهل هذه الرسالة. رمزك صالح حتى {expiresAt}:\n\n{token}\n',
    ja: 'Servio の新しいパスワード\n{restaurants} のアカウントに新しいパスワードが要求されました。心当たりがなければ無視してください。コード（{expiresAt} まで有効）:\n\n{token}\n',
    zh: 'Servio 新密码\n有人为您在 {restaurants} 的账户申请了新密码。如非本人操作，请忽略此邮件。您的代码，有效至 {expiresAt}：\n\n{token}\n',
    ko: 'Servio 새 비밀번호\n{restaurants} 계정의 새 비밀번호가 요청되었습니다. 본인이 아니면 무시하세요. 코드({expiresAt}까지 유효):\n\n{token}\n',
  },
  receipt: {
    en: 'Your receipt from {restaurant}\n{receipt}\n',
    de: 'Ihr Beleg von {restaurant}\n{receipt}\n',
    fr: 'Votre reçu de {restaurant}\n{receipt}\n',
    es: 'Su recibo de {restaurant}\n{receipt}\n',
    it: 'La sua ricevuta di {restaurant}\n{receipt}\n',
    th: 'ใบเสร็จจาก {restaurant}\n{receipt}\n',
    ar: 'إيصالك من {restaurant}\n{receipt}\n',
    ja: '{restaurant} の領収書\n{receipt}\n',
    zh: '{restaurant} 的收据\n{receipt}\n',
    ko: '{restaurant} 영수증\n{receipt}\n',
  },
};

/** Fields that a template of each kind may name. */
export const TEMPLATE_FIELDS: Record<TemplateKind, readonly string[]> = {
  order_ready: ['restaurant', 'number'],
  low_stock_digest: ['restaurant', 'items'],
  day_close: ['restaurant', 'date', 'number', 'total', 'hash'],
  invitation: ['restaurant', 'name', 'token', 'expiresAt'],
  password_reset: ['restaurants', 'token', 'expiresAt'],
  receipt: ['restaurant', 'receipt'],
};

export function ownText(kind: TemplateKind, language: PrintLanguage): string {
  return TEXTS[kind][language];
}

/** Puts fields into a template, once: a field that looks like a template stays text. */
export function filledText(template: string, fields: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => fields[name] ?? whole);
}

/** Names in a template that its kind does not have. */
export function unknownFields(kind: TemplateKind, template: string): string[] {
  const named = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return named.filter((name) => !TEMPLATE_FIELDS[kind].includes(name));
}

/** A mail: its first line is the subject. */
export function mailOf(text: string): { subject: string; text: string } {
  const end = text.indexOf('\n');
  return end < 0 ? { subject: text, text } : { subject: text.slice(0, end).trim(), text: text.slice(end + 1) };
}
