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
  email_change: {
    en: 'Confirm your new e-mail address for Servio\nHello {name},\n\nthis is to become the address of your account. Your code, valid until {expiresAt}:\n\n{token}\n\nEnter it in your profile. If you know nothing of this, ignore this mail.\n',
    de: 'Bestätigen Sie Ihre neue E-Mail-Adresse für Servio\nGuten Tag {name},\n\ndies soll die Adresse Ihres Kontos werden. Ihr Code, gültig bis {expiresAt}:\n\n{token}\n\nGeben Sie ihn in Ihrem Profil ein. Wenn Sie davon nichts wissen, ignorieren Sie diese Mail.\n',
    fr: 'Confirmez votre nouvelle adresse e-mail pour Servio\nBonjour {name},\n\ncette adresse doit devenir celle de votre compte. Votre code, valable jusqu’au {expiresAt} :\n\n{token}\n\nSaisissez-le dans votre profil. Si vous n’êtes pas concerné, ignorez ce message.\n',
    es: 'Confirme su nueva dirección de correo para Servio\nHola {name}:\n\nesta será la dirección de su cuenta. Su código, válido hasta {expiresAt}:\n\n{token}\n\nIntrodúzcalo en su perfil. Si no sabe nada de esto, ignore este correo.\n',
    it: 'Confermi il suo nuovo indirizzo e-mail per Servio\nBuongiorno {name},\n\nquesto diventerà l’indirizzo del suo account. Il suo codice, valido fino al {expiresAt}:\n\n{token}\n\nLo inserisca nel suo profilo. Se non ne sa nulla, ignori questa mail.\n',
    th: 'ยืนยันอีเมลใหม่ของคุณสำหรับ Servio\nสวัสดี {name}\n\nที่อยู่นี้จะเป็นอีเมลของบัญชีคุณ รหัสของคุณ ใช้ได้ถึง {expiresAt}:\n\n{token}\n\nกรอกรหัสในโปรไฟล์ของคุณ หากคุณไม่ได้ขอ โปรดละเว้นอีเมลนี้\n',
    ar: 'أكّد عنوان بريدك الجديد لـ Servio\nمرحبًا {name}،\n\nسيصبح هذا عنوان حسابك. رمزك صالح حتى {expiresAt}:\n\n{token}\n\nأدخله في ملفك الشخصي. إن لم تطلب ذلك فتجاهل هذه الرسالة.\n',
    ja: 'Servio の新しいメールアドレスの確認\n{name} 様\n\nこのアドレスをアカウントのアドレスにします。コード（{expiresAt} まで有効）:\n\n{token}\n\nプロフィールで入力してください。心当たりがなければ無視してください。\n',
    zh: '确认您的 Servio 新邮箱地址\n{name}，您好：\n\n此地址将成为您账户的邮箱。您的代码，有效至 {expiresAt}：\n\n{token}\n\n请在您的个人资料中输入。如不知情，请忽略此邮件。\n',
    ko: 'Servio 새 이메일 주소 확인\n{name}님,\n\n이 주소가 계정의 주소가 됩니다. 코드({expiresAt}까지 유효):\n\n{token}\n\n프로필에 입력하세요. 모르는 일이면 이 메일을 무시하세요.\n',
  },
  email_change_notice: {
    en: 'Your e-mail address for Servio is to change\nHello {name},\n\nsomebody who knows your password asked that your account get the address {email}. If it was not you, set a new password at once: it ends the change.\n',
    de: 'Ihre E-Mail-Adresse für Servio soll sich ändern\nGuten Tag {name},\n\njemand, der Ihr Passwort kennt, möchte Ihrem Konto die Adresse {email} geben. Wenn Sie das nicht waren, setzen Sie sofort ein neues Passwort: Das beendet die Änderung.\n',
    fr: 'Votre adresse e-mail pour Servio va changer\nBonjour {name},\n\nune personne qui connaît votre mot de passe a demandé que votre compte prenne l’adresse {email}. Si ce n’était pas vous, définissez tout de suite un nouveau mot de passe : cela annule le changement.\n',
    es: 'Su dirección de correo para Servio va a cambiar\nHola {name}:\n\nalguien que conoce su contraseña pidió que su cuenta tenga la dirección {email}. Si no fue usted, establezca enseguida una contraseña nueva: eso anula el cambio.\n',
    it: 'Il suo indirizzo e-mail per Servio sta per cambiare\nBuongiorno {name},\n\nqualcuno che conosce la sua password ha chiesto di dare al suo account l’indirizzo {email}. Se non è stato lei, imposti subito una nuova password: questo annulla la modifica.\n',
    th: 'อีเมลของคุณสำหรับ Servio กำลังจะเปลี่ยน\nสวัสดี {name}\n\nมีผู้ที่รู้รหัสผ่านของคุณขอให้บัญชีของคุณใช้ที่อยู่ {email} หากไม่ใช่คุณ โปรดตั้งรหัสผ่านใหม่ทันที การเปลี่ยนนี้จะถูกยกเลิก\n',
    ar: 'سيتغير عنوان بريدك لـ Servio\nمرحبًا {name}،\n\nطلب شخص يعرف كلمة مرورك أن يصبح عنوان حسابك {email}. إن لم تكن أنت فعيّن كلمة مرور جديدة فورًا: ذلك يلغي التغيير.\n',
    ja: 'Servio のメールアドレスが変更されます\n{name} 様\n\nパスワードを知っている方が、アカウントのアドレスを {email} に変更するよう要求しました。心当たりがなければ、すぐに新しいパスワードを設定してください。変更は取り消されます。\n',
    zh: '您的 Servio 邮箱地址即将更改\n{name}，您好：\n\n有知道您密码的人申请将您账户的地址改为 {email}。如非本人操作，请立即设置新密码：更改将被取消。\n',
    ko: 'Servio 이메일 주소가 변경될 예정입니다\n{name}님,\n\n비밀번호를 아는 사람이 계정의 주소를 {email}(으)로 바꾸도록 요청했습니다. 본인이 아니면 즉시 새 비밀번호를 설정하세요. 그러면 변경이 취소됩니다.\n',
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
  email_change: ['name', 'token', 'expiresAt'],
  email_change_notice: ['name', 'email'],
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
