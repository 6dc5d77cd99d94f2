/**
 * Units as people write them, in the languages of our documents, and their codes (UN/ECE
 * recommendations 20 and 21, revision 17).
 */

const WORDS: Record<string, string> = {
  KGM: 'kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilo chili chilogrammo chilogrammi กก กิโล กิโลกรัม كجم كغ كغم كيلو كيلوغرام كيلوجرام キロ キログラム 千克 公斤 킬로 킬로그램',
  GRM: 'g gr gram grams gramm gramme grammes gramo gramos grammo grammi ก กรัม جم غ غرام جرام グラム 克 그램',
  MGM: 'mg milligram milligrams milligramm milligramme milligrammes miligramo miligramos milligrammo milligrammi มิลลิกรัม มก ملغم ミリグラム 毫克 밀리그램',
  TNE: 't ton tonne tonnes tonnen tonelada toneladas tonnellata tonnellate ตัน طن トン 吨 公吨 톤',
  LBR: 'lb lbs pound pounds pfund livre livres libra libras libbra libbre ปอนด์ رطل باوند ポンド 磅 파운드',
  ONZ: 'oz ounce ounces unze unzen once onces onza onzas oncia once ออนซ์ أونصة أوقية オンス 盎司 온스',
  LTR: 'l lt ltr liter liters litre litres litro litros litri ลิตร لتر ل リットル 升 公升 리터',
  MLT: 'ml milliliter milliliters millilitre millilitres mililitro mililitros millilitro millilitri มิลลิลิตร มล مل ملليلتر ミリリットル 毫升 밀리리터',
  CLT: 'cl centiliter centiliters centilitre centilitres zentiliter centilitro centilitros centilitri เซนติลิตร سنتيلتر センチリットル 厘升 센티리터',
  DLT: 'dl deciliter deciliters decilitre decilitres deziliter décilitre décilitres decilitro decilitros decilitri เดซิลิตร ديسيلتر デシリットル 分升 데시리터',
  HLT: 'hl hectoliter hectoliters hectolitre hectolitres hektoliter hectolitro hectolitros ettolitro ettolitri เฮกโตลิตร هكتولتر ヘクトリットル 百升 헥토리터',
  GLL: 'gal gallon gallons gallone gallonen galón galones gallone galloni แกลลอน غالون ガロン 加仑 갤런',
  PTI: 'pint pints pinte pintes pinta pintas pinte ไพน์ パイント 品脱 파인트',
  OZA: 'fl.oz floz fluid-ounce fluid-ounces',
  HUR: 'h hr hrs hour hours std stunde stunden heure heures hora horas ora ore ชั่วโมง ชม ساعة ساعات 時間 小时 小時 시간',
  MIN: 'min mins minute minutes minuten minuto minutos minuti นาที دقيقة دقائق 分 分間 分钟 分鐘 분',
  SEC: 'sec second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi วินาที ثانية 秒 초',
  DAY: 'd day days tag tage tagen jour jours día días dia dias giorno giorni วัน يوم أيام 日 天 일',
  WEE: 'wk week weeks woche wochen semaine semaines semana semanas settimana settimane สัปดาห์ อาทิตย์ أسبوع أسابيع 週 週間 周 星期 주',
  MON: 'mo month months monat monate mois mes meses mese mesi เดือน شهر أشهر ヶ月 か月 月 个月 개월',
  ANN: 'yr year years jahr jahre ans année années año años anno anni ปี سنة سنوات 年 년',
  MTR: 'm meter meters metre metres mètre mètres metro metros metri เมตร متر メートル 米 미터',
  CMT: 'cm centimeter centimeters centimetre centimetres zentimeter centimètre centimètres centímetro centímetros centimetro centimetri เซนติเมตร ซม سم سنتيمتر センチ センチメートル 厘米 센티미터',
  MMT: 'mm millimeter millimeters millimetre millimetres millimètre millimètres milímetro milímetros millimetro millimetri มิลลิเมตร มม ملم ミリ ミリメートル 毫米 밀리미터',
  KMT: 'km kilometer kilometers kilometre kilometres kilomètre kilomètres kilómetro kilómetros chilometro chilometri กิโลเมตร กม كم كيلومتر キロメートル 公里 千米 킬로미터',
  FOT: 'ft foot feet fuß pied pieds piede piedi ฟุต قدم フィート 英尺 피트',
  INH: 'inch inches zoll pouce pouces pulgada pulgadas pollice pollici นิ้ว بوصة インチ 英寸 인치',
  MTK: 'm² m2 qm sqm quadratmeter ตารางเมตร متر-مربع 平方メートル 平米 平方米 제곱미터',
  MTQ: 'm³ m3 cbm kubikmeter ลูกบาศก์เมตร متر-مكعب 立方メートル 立方米 세제곱미터',
  KWH: 'kwh kilowatt-hour kilowattstunde kilowattstunden',
  H87: 'pc pcs piece pieces stk stck stück stücke pièce pièces pieza piezas pezzo pezzi ชิ้น อัน قطعة قطع 個 个 個入 件 개',
  C62: 'unit units einheit einheiten unité unités unidad unidades unità',
  PTN: 'portion portions portionen serving servings ración raciones porción porciones porzione porzioni ที่ حصة حصص 人前 份 인분',
  IE: 'person persons people guest guests pax gast gäste personen personne personnes persona personas persone ospite ospiti คน ท่าน شخص أشخاص 人 名 名様 位 명 사람',
  XBO: 'bottle bottles flasche flaschen bouteille bouteilles botella botellas bottiglia bottiglie ขวด زجاجة زجاجات 瓶 병',
  XBX: 'box boxes kiste kisten schachtel schachteln boîte boîtes caja cajas scatola scatole กล่อง صندوق صناديق 箱 盒 상자 박스',
  XCT: 'carton cartons karton kartons cartone cartoni ลัง كرتون ケース 纸箱 카톤',
  XPK: 'pack packs package packages packung packungen paket pakete paquet paquets paquete paquetes pacchetto pacchetti แพ็ค حزمة パック 包 팩',
  XCR: 'crate crates cageot cageots cassetta cassette',
  XKG: 'keg kegs fass fässer fût fûts barril barriles fusto fusti ถัง برميل 樽 桶 통',
  XBG: 'bag bags beutel tüte tüten sac sacs sachet sachets bolsa bolsas sacchetto sacchetti ถุง كيس أكياس 袋 봉지',
  XCU: 'cup cups tasse tassen tasses taza tazas tazza tazze ถ้วย كوب أكواب カップ 杯 컵 잔',
  XCX: 'can cans tin tins dose dosen canette canettes lata latas lattina lattine กระป๋อง علبة علب 缶 罐 캔',
  DZN: 'dozen dozens dutzend douzaine douzaines docena docenas dozzina dozzine โหล دزينة ダース 打 다스',
  PR: 'pair pairs paar paire paires par pares paio paia คู่ زوج 組 双 对 쌍',
  SET: 'set sets satz sätze juego juegos ชุด طقم セット 套 세트',
};

const CODES = new Map(
  Object.entries(WORDS).flatMap(([code, words]) => words.split(' ').map((word) => [normalized(word), code] as const)),
);

/**
 * Code of a unit. A code of the recommendation itself, such as `KGM`, is accepted too.
 * @returns undefined for a unit that is not in the list.
 */
export function unitCodeOf(unit: string): string | undefined {
  const text = unit.trim();
  if (Object.hasOwn(WORDS, text)) return text;
  return CODES.get(normalized(text));
}

/** Case, dots at the end, width and the blank inside a word make no difference. */
function normalized(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\.+$/, '')
    .replaceAll(/[\s.]+/g, '-');
}
