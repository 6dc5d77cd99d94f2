/** Texts of telephone calls, in the languages that a restaurant can print. */
import type { OrderStatus } from '../../domain/order/orderStatus.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

export interface VoiceTexts {
  /** As Twilio's voices are named. */
  language: string;
  /** The language that Twilio's recognition hears, where it has another name. */
  heard?: string;
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
  states: Record<OrderStatus, string>;
}

const TEXTS: Record<PrintLanguage, VoiceTexts> = {
  en: {
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
    states: {
      placed: 'placed',
      accepted: 'accepted',
      preparing: 'being prepared',
      ready: 'ready',
      completed: 'completed',
      cancelled: 'cancelled',
    },
  },
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
    states: {
      placed: 'aufgenommen',
      accepted: 'angenommen',
      preparing: 'in Arbeit',
      ready: 'fertig',
      completed: 'abgeholt',
      cancelled: 'storniert',
    },
  },
  fr: {
    language: 'fr-FR',
    welcome:
      'Bienvenue chez {restaurant}. Pour les horaires, tapez 1 ou dites horaires. Pour suivre une commande, tapez 2. Pour commander, tapez 3. Pour parler à quelqu’un, tapez 0.',
    again: 'Tapez 1 pour les horaires, 2 pour suivre une commande, 3 pour commander, ou raccrochez.',
    ask_number: 'Veuillez taper les derniers chiffres de votre numéro de commande.',
    ask_order: 'Que souhaitez-vous emporter ?',
    read_back:
      'Vous souhaitez : {lines}. Au total {total}. Tapez 1 ou dites oui pour commander, 2 ou non pour modifier.',
    goodbye: 'Au revoir.',
    person: 'Un instant, je vous mets en relation.',
    nobody: 'Désolé, personne ne peut prendre votre appel. Veuillez rappeler plus tard.',
    hours: 'Aujourd’hui, nous sommes ouverts : {hours}.',
    always: 'Nous sommes toujours ouverts.',
    closed: 'Nous sommes fermés aujourd’hui.',
    status: 'Commande {number} : {status}.',
    noOrder: 'Je ne trouve aujourd’hui aucune commande de ce numéro pour vous.',
    placed: 'Merci. Votre numéro de commande est {number}.',
    notPlaced: 'Désolé, je n’ai pas pu passer cette commande.',
    states: {
      placed: 'enregistrée',
      accepted: 'acceptée',
      preparing: 'en préparation',
      ready: 'prête',
      completed: 'terminée',
      cancelled: 'annulée',
    },
  },
  es: {
    language: 'es-ES',
    welcome:
      'Bienvenido a {restaurant}. Para el horario, pulse 1 o diga horario. Para consultar un pedido, pulse 2. Para pedir, pulse 3. Para hablar con una persona, pulse 0.',
    again: 'Pulse 1 para el horario, 2 para consultar un pedido, 3 para pedir, o cuelgue.',
    ask_number: 'Marque las últimas cifras de su número de pedido.',
    ask_order: '¿Qué desea para llevar?',
    read_back: 'Desea: {lines}. En total {total}. Pulse 1 o diga sí para pedir, 2 o no para cambiarlo.',
    goodbye: 'Adiós.',
    person: 'Un momento, le paso.',
    nobody: 'Lo sentimos, nadie puede atender su llamada. Vuelva a llamar más tarde.',
    hours: 'Hoy abrimos: {hours}.',
    always: 'Siempre estamos abiertos.',
    closed: 'Hoy estamos cerrados.',
    status: 'Pedido {number}: {status}.',
    noOrder: 'Hoy no encuentro ningún pedido así de su número.',
    placed: 'Gracias. Su número de pedido es {number}.',
    notPlaced: 'Lo sentimos, no he podido hacer este pedido.',
    states: {
      placed: 'recibido',
      accepted: 'aceptado',
      preparing: 'en preparación',
      ready: 'listo',
      completed: 'entregado',
      cancelled: 'cancelado',
    },
  },
  it: {
    language: 'it-IT',
    welcome:
      'Benvenuti da {restaurant}. Per gli orari, premete 1 o dite orari. Per un ordine, premete 2. Per ordinare, premete 3. Per parlare con una persona, premete 0.',
    again: 'Premete 1 per gli orari, 2 per un ordine, 3 per ordinare, oppure riagganciate.',
    ask_number: 'Digitate le ultime cifre del numero d’ordine.',
    ask_order: 'Che cosa desiderate da asporto?',
    read_back: 'Desiderate: {lines}. In totale {total}. Premete 1 o dite sì per ordinare, 2 o no per cambiare.',
    goodbye: 'Arrivederci.',
    person: 'Un momento, vi metto in contatto.',
    nobody: 'Spiacenti, ora nessuno può rispondere. Richiamate più tardi.',
    hours: 'Oggi siamo aperti: {hours}.',
    always: 'Siamo sempre aperti.',
    closed: 'Oggi siamo chiusi.',
    status: 'Ordine {number}: {status}.',
    noOrder: 'Oggi non trovo un ordine del genere con il vostro numero.',
    placed: 'Grazie. Il numero d’ordine è {number}.',
    notPlaced: 'Spiacenti, non è stato possibile fare l’ordine.',
    states: {
      placed: 'ricevuto',
      accepted: 'accettato',
      preparing: 'in preparazione',
      ready: 'pronto',
      completed: 'ritirato',
      cancelled: 'annullato',
    },
  },
  th: {
    language: 'th-TH',
    welcome: 'ยินดีต้อนรับสู่ {restaurant} สอบถามเวลาเปิด กด 1 หรือพูดว่าเวลาเปิด สอบถามออเดอร์ กด 2 สั่งอาหาร กด 3 คุยกับพนักงาน กด 0',
    again: 'กด 1 เวลาเปิด กด 2 สอบถามออเดอร์ กด 3 สั่งอาหาร หรือวางสาย',
    ask_number: 'กรุณากดเลขท้ายของหมายเลขออเดอร์',
    ask_order: 'ต้องการสั่งอะไรกลับบ้าน',
    read_back: 'คุณต้องการ {lines} รวม {total} กด 1 หรือพูดว่าใช่เพื่อสั่ง กด 2 หรือพูดว่าไม่เพื่อเปลี่ยน',
    goodbye: 'สวัสดี',
    person: 'กรุณารอสักครู่ กำลังโอนสาย',
    nobody: 'ขออภัย ขณะนี้ไม่มีใครรับสายได้ กรุณาโทรมาใหม่ภายหลัง',
    hours: 'วันนี้เราเปิด {hours}',
    always: 'เราเปิดตลอดเวลา',
    closed: 'วันนี้เราปิด',
    status: 'ออเดอร์ {number} {status}',
    noOrder: 'วันนี้ไม่พบออเดอร์นี้จากหมายเลขของคุณ',
    placed: 'ขอบคุณ หมายเลขออเดอร์ของคุณคือ {number}',
    notPlaced: 'ขออภัย ไม่สามารถสั่งรายการนี้ได้',
    states: {
      placed: 'รับออเดอร์แล้ว',
      accepted: 'ยืนยันแล้ว',
      preparing: 'กำลังเตรียม',
      ready: 'พร้อมแล้ว',
      completed: 'เสร็จสิ้นแล้ว',
      cancelled: 'ถูกยกเลิก',
    },
  },
  ar: {
    language: 'ar-AE',
    welcome:
      'مرحبًا بكم في {restaurant}. لأوقات العمل اضغط 1 أو قل أوقات العمل. للاستفسار عن طلب اضغط 2. للطلب اضغط 3. للتحدث مع موظف اضغط 0.',
    again: 'اضغط 1 لأوقات العمل، 2 للاستفسار عن طلب، 3 للطلب، أو أنه المكالمة.',
    ask_number: 'من فضلك أدخل الأرقام الأخيرة من رقم طلبك.',
    ask_order: 'ماذا تريد أن تأخذ معك؟',
    read_back: 'تريد: {lines}. المجموع {total}. اضغط 1 أو قل نعم للطلب، 2 أو لا للتغيير.',
    goodbye: 'مع السلامة.',
    person: 'لحظة من فضلك، سأوصلك.',
    nobody: 'عذرًا، لا أحد يستطيع الرد الآن. من فضلك اتصل لاحقًا.',
    hours: 'نفتح اليوم: {hours}.',
    always: 'نحن مفتوحون دائمًا.',
    closed: 'نحن مغلقون اليوم.',
    status: 'الطلب {number}: {status}.',
    noOrder: 'لا أجد اليوم طلبًا كهذا من رقمك.',
    placed: 'شكرًا. رقم طلبك هو {number}.',
    notPlaced: 'عذرًا، لم أتمكن من تسجيل هذا الطلب.',
    states: {
      placed: 'تم استلامه',
      accepted: 'تم قبوله',
      preparing: 'قيد التحضير',
      ready: 'جاهز',
      completed: 'مكتمل',
      cancelled: 'ملغى',
    },
  },
  ja: {
    language: 'ja-JP',
    welcome:
      '{restaurant}へようこそ。営業時間は1を押すか、営業時間とお話しください。ご注文の状況は2、ご注文は3、係の者は0を押してください。',
    again: '営業時間は1、ご注文の状況は2、ご注文は3を押すか、電話をお切りください。',
    ask_number: 'ご注文番号の最後の数字を押してください。',
    ask_order: 'お持ち帰りのご注文をお話しください。',
    read_back:
      'ご注文は{lines}、合計{total}です。よろしければ1を押すか、はい、変更は2を押すか、いいえ、とお話しください。',
    goodbye: 'お電話ありがとうございました。',
    person: '少々お待ちください。おつなぎします。',
    nobody: '申し訳ありません。ただいま電話に出られません。後ほどおかけ直しください。',
    hours: '本日の営業時間は{hours}です。',
    always: 'いつでも営業しています。',
    closed: '本日はお休みです。',
    status: 'ご注文{number}は{status}です。',
    noOrder: 'お電話の番号では、本日そのご注文は見つかりません。',
    placed: 'ありがとうございます。ご注文番号は{number}です。',
    notPlaced: '申し訳ありません。ご注文を承れませんでした。',
    states: {
      placed: '受付済み',
      accepted: '確認済み',
      preparing: '調理中',
      ready: 'お渡し可能',
      completed: 'お渡し済み',
      cancelled: 'キャンセル済み',
    },
  },
  zh: {
    language: 'zh-CN',
    heard: 'cmn-Hans-CN',
    welcome: '欢迎致电{restaurant}。查询营业时间请按1或说营业时间。查询订单请按2。点餐请按3。人工服务请按0。',
    again: '营业时间请按1，查询订单请按2，点餐请按3，或挂断电话。',
    ask_number: '请输入订单号的最后几位数字。',
    ask_order: '请问您要外带什么？',
    read_back: '您要：{lines}。一共{total}。确认请按1或说是，修改请按2或说不是。',
    goodbye: '再见。',
    person: '请稍等，正在为您转接。',
    nobody: '抱歉，现在无人接听。请稍后再打。',
    hours: '今天的营业时间是{hours}。',
    always: '我们全天营业。',
    closed: '我们今天休息。',
    status: '订单{number}：{status}。',
    noOrder: '今天没有找到您号码的这个订单。',
    placed: '谢谢。您的订单号是{number}。',
    notPlaced: '抱歉，无法下单。',
    states: {
      placed: '已下单',
      accepted: '已接单',
      preparing: '正在准备',
      ready: '已备好',
      completed: '已完成',
      cancelled: '已取消',
    },
  },
  ko: {
    language: 'ko-KR',
    welcome:
      '{restaurant}입니다. 영업시간은 1번을 누르거나 영업시간이라고 말씀해 주세요. 주문 확인은 2번, 주문은 3번, 직원 연결은 0번을 눌러 주세요.',
    again: '영업시간은 1번, 주문 확인은 2번, 주문은 3번을 누르거나 전화를 끊어 주세요.',
    ask_number: '주문 번호의 마지막 숫자를 눌러 주세요.',
    ask_order: '무엇을 포장해 드릴까요?',
    read_back:
      '주문하신 것은 {lines}, 합계 {total}입니다. 주문하시려면 1번을 누르거나 네, 바꾸시려면 2번을 누르거나 아니요라고 말씀해 주세요.',
    goodbye: '안녕히 계세요.',
    person: '잠시만요, 연결해 드리겠습니다.',
    nobody: '죄송합니다. 지금은 전화를 받을 수 없습니다. 나중에 다시 걸어 주세요.',
    hours: '오늘 영업시간은 {hours}입니다.',
    always: '항상 영업합니다.',
    closed: '오늘은 쉽니다.',
    status: '주문 {number}번: {status}.',
    noOrder: '오늘 고객님 번호로 된 그런 주문을 찾을 수 없습니다.',
    placed: '감사합니다. 주문 번호는 {number}번입니다.',
    notPlaced: '죄송합니다. 주문하지 못했습니다.',
    states: {
      placed: '접수됨',
      accepted: '확인됨',
      preparing: '준비 중',
      ready: '준비 완료',
      completed: '완료됨',
      cancelled: '취소됨',
    },
  },
};

export function voiceTexts(language: PrintLanguage): VoiceTexts {
  return TEXTS[language];
}
