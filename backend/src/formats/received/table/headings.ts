/**
 * Headings of suppliers' tables in the languages that Servio prints, and in Dutch. Only whole
 * headings count: a heading that is guessed by a part of it would be a wrong amount.
 */

const LINE_FIELDS = [
  'lineId',
  'articleNumber',
  'gtin',
  'description',
  'quantity',
  'unit',
  'unitPrice',
  'priceBase',
  'discount',
  'netAmount',
  'taxRate',
] as const;
export const HEAD_FIELDS = [
  'number',
  'type',
  'issueDate',
  'dueDate',
  'currency',
  'supplier',
  'vatId',
  'buyer',
  'order',
  'net',
  'tax',
  'gross',
] as const;
export type LineField = (typeof LINE_FIELDS)[number];
export type HeadField = (typeof HEAD_FIELDS)[number];
export type Field = LineField | HeadField;

/**
 * Words of a field, the precise ones first; those after `/` count where no precise one is there.
 */
const WORDS: Record<Field, string> = {
  lineId: `pos, position, line, line no, line number, zeile, positionsnummer, regel, ligne, n ligne, linea, línea, riga, n riga,
    行番号, 明細番号, 행, 행번호, 순번, ลำดับ, ลำดับที่, 项次, 序号, 行号, م, مسلسل, رقم السطر`,
  articleNumber: `sku, item no, item number, item code, article no, article number, article code, product no, product number,
    product code, art no, supplier item, artikelnr, artikelnummer, art nr, artikel nr, bestellnummer, produktnummer, artikelcode,
    référence, réf, ref, réf article, référence article, code article, code produit, numéro d'article, referencia, código,
    código de artículo, código artículo, cod artículo, código de producto, codice, codice articolo, cod art, cod articolo,
    codice prodotto, 品番, 商品コード, 商品番号, 品目コード, 상품코드, 상품번호, 품번, 품목코드, รหัสสินค้า, รหัส, 货号, 商品编号,
    产品编号, 商品编码, 物料编码, 商品代码, رقم الصنف, كود الصنف, رمز الصنف, رمز المنتج, رقم المنتج / code, id, article, artikel`,
  gtin: 'gtin, ean, ean code, barcode, bar code, upc, strichcode, code barres, código de barras, codice a barre, バーコード, jan, janコード, 바코드, บาร์โค้ด, 条码, 条形码, باركود, الباركود',
  description: `description, item description, product description, item name, product name, article name, bezeichnung,
    artikelbezeichnung, beschreibung, produktname, omschrijving, désignation, libellé, nom du produit, descripción, concepto,
    nombre del producto, descrizione, denominazione, 品名, 商品名, 品目, 摘要, 内容, 품명, 상품명, 품목, 품목명, 내역, รายการ, ชื่อสินค้า,
    รายละเอียด, รายการสินค้า, 商品名称, 产品名称, 货物名称, 名称, 描述, 项目名称, الوصف, البيان, اسم الصنف, اسم المنتج, الصنف / item,
    product, name, article, artikel, produkt, ware, produit, producto, artículo, prodotto, articolo, product naam, المنتج`,
  quantity: `quantity, qty, quantity invoiced, invoiced quantity, billed quantity, menge, anzahl, stückzahl, hoeveelheid, aantal,
    quantité, qté, cantidad, cant, quantità, qtà, qta, 数量, 수량, จำนวน, 数目, الكمية, كمية, الكميه`,
  unit: `unit, uom, unit of measure, unit code, einheit, me, mengeneinheit, eenheid, unité, unité de mesure, unidad, ud, udm, um,
    unità, unità di misura, u m, 単位, 단위, หน่วย, หน่วยนับ, 单位, 計量單位, الوحدة, وحدة`,
  unitPrice: `unit price, net unit price, unit price net, net price, unit price excl vat, unit price ex vat, price per unit,
    einzelpreis, e preis, ep, nettopreis, stückpreis, einzelpreis netto, netto einzelpreis, preis pro einheit, stukprijs,
    prijs per stuk, eenheidsprijs, prix unitaire, pu, pu ht, p u ht, prix unitaire ht, prix ht, precio unitario, precio unidad,
    p unitario, prezzo unitario, prezzo unit, 単価, 税抜単価, 단가, ราคาต่อหน่วย, ราคา/หน่วย, หน่วยละ, 单价, 不含税单价,
    سعر الوحدة, سعر الوحده / price, preis, prijs, prix, precio, prezzo, 価格, 가격, ราคา, 价格, السعر, سعر`,
  priceBase:
    'price base, price unit, base quantity, price base quantity, preiseinheit, pe, preisbasis, prijseenheid, base de prix, base precio, base prezzo',
  discount: `discount, discount amount, allowance, rebate, rabatt, nachlass, rabattbetrag, korting, remise, montant remise, descuento,
    dto, sconto, 値引, 値引額, 割引, 할인, 할인액, ส่วนลด, 折扣, 折扣额, الخصم, خصم, discount %, rabatt %, korting %, remise %,
    descuento %, dto %, % dto, sconto %, % sconto, % remise`,
  netAmount: `net amount, line amount, line total, line net amount, net total, amount excl vat, amount ex vat, total excl vat,
    total ex vat, total net, extended price, extended amount, nettobetrag, gesamtpreis, positionsbetrag, betrag netto, netto betrag,
    gesamt netto, netto, zeilenbetrag, regeltotaal, bedrag excl btw, totaal excl btw, montant ht, total ht, total ligne, montant net,
    importe neto, total línea, importe línea, base imponible, importo netto, totale riga, imponibile, importo riga, 金額, 税抜金額,
    小計, 금액, 공급가액, จำนวนเงิน, ราคารวม, รวมเงิน, 金额, 不含税金额, 总价, 小计, المبلغ, الإجمالي قبل الضريبة, المبلغ الصافي,
    إجمالي السطر / amount, total, betrag, summe, gesamt, bedrag, totaal, montant, importe, importo, totale, 合計, 합계, รวม, 合计,
    الإجمالي, المجموع`,
  taxRate: `vat, vat %, vat rate, tax rate, tax %, gst %, mwst, mwst %, ust, ust %, steuersatz, mwst satz, ust satz, btw, btw %,
    btw tarief, tva, tva %, taux tva, taux de tva, iva, iva %, % iva, tipo iva, aliquota, aliquota iva, 税率, 消費税率, 세율,
    อัตราภาษี, ภาษี %, 税率 %, نسبة الضريبة, معدل الضريبة / tax, gst`,
  number: `invoice no, invoice number, invoice, invoice id, document number, document no, bill number, rechnungsnummer, rechnungsnr,
    rechnung nr, rechnung, belegnummer, belegnr, gutschriftsnummer, factuurnummer, factuurnr, factuur, numéro de facture, n facture,
    facture n, facture, numéro facture, número de factura, n factura, factura, nº factura, numero fattura, n fattura, fattura,
    fattura n, 請求書番号, 請求番号, 伝票番号, 청구서번호, 계산서번호, 송장번호, เลขที่ใบแจ้งหนี้, เลขที่, เลขที่เอกสาร, 发票号码, 发票号,
    账单编号, 单据编号, رقم الفاتورة, رقم فاتورة`,
  type: `document type, type, invoice type, type code, belegart, dokumenttyp, documenttype, type de document, tipo de documento,
    tipo documento, 伝票区分, 문서종류, ประเภทเอกสาร, 单据类型, نوع المستند`,
  issueDate: `invoice date, document date, date, issue date, billing date, rechnungsdatum, belegdatum, datum, factuurdatum,
    date de facture, date facture, date du document, fecha, fecha de factura, fecha factura, data, data fattura, data documento,
    請求日, 発行日, 日付, 請求書日付, 청구일, 발행일, 작성일, 일자, วันที่, วันที่ออกใบแจ้งหนี้, 开票日期, 发票日期, 日期,
    تاريخ الفاتورة, التاريخ, تاريخ الإصدار`,
  dueDate: `due date, payment due, fällig, fällig am, fälligkeit, fälligkeitsdatum, zahlbar bis, vervaldatum, échéance,
    date d'échéance, vencimiento, fecha de vencimiento, scadenza, data scadenza, 支払期限, 支払期日, 납기일, 지급기한, วันครบกำหนด,
    到期日, 付款期限, تاريخ الاستحقاق`,
  currency:
    'currency, currency code, währung, valuta, munteenheid, devise, monnaie, moneda, divisa, 通貨, 통화, สกุลเงิน, 货币, 币种, العملة',
  supplier: `supplier, supplier name, seller, vendor, vendor name, lieferant, verkäufer, leverancier, fournisseur, vendeur, proveedor,
    vendedor, emisor, fornitore, cedente, 仕入先, 発行元, 供給者, 공급자, 공급업체, 판매자, ผู้ขาย, ผู้จำหน่าย, 供应商, 销售方, 卖方,
    المورد, البائع, اسم المورد`,
  vatId: `vat id, vat no, vat number, vat reg no, tax id, ust id, ust idnr, ust id nr, umsatzsteuer id, btw nummer, btw nr,
    n tva, numéro de tva, tva intracommunautaire, nif, cif, nif/cif, partita iva, p iva, 登録番号, 사업자등록번호,
    เลขประจำตัวผู้เสียภาษี, 纳税人识别号, 税号, الرقم الضريبي`,
  buyer:
    'buyer, customer, bill to, customer name, kunde, käufer, klant, client, acheteur, cliente, comprador, acquirente, 得意先, 請求先, 고객, 구매자, 공급받는자, ลูกค้า, ผู้ซื้อ, 客户, 购买方, 买方, العميل, المشتري',
  order: `order, order no, order number, your order, purchase order, po number, po no, bestellung, bestellnr, ihre bestellung,
    auftragsnummer, bestelnummer, ordernummer, commande, n commande, numéro de commande, pedido, n pedido, número de pedido, ordine,
    n ordine, numero ordine, 注文番号, 発注番号, 주문번호, 발주번호, เลขที่ใบสั่งซื้อ, 订单号, 采购订单号, رقم الطلب, أمر الشراء`,
  net: `invoice net, invoice net total, total before tax, rechnung netto, nettosumme, summe netto, total hors taxe, subtotal sin iva,
    totale imponibile, 税抜合計, 공급가액 합계, ยอดรวมก่อนภาษี, มูลค่าสินค้า,
    不含税合计, المجموع قبل الضريبة, المجموع الفرعي`,
  tax: `invoice tax, tax total, total tax, tax amount, vat amount, total vat, mwst betrag, mehrwertsteuer, umsatzsteuer, steuerbetrag,
    btw bedrag, montant tva, total tva, cuota iva, importe iva, total iva, imposta, importo iva, totale iva, 消費税, 消費税額, 税額,
    부가세, 세액, 부가가치세, ภาษีมูลค่าเพิ่ม, vat 7%, 税额, 税费, ضريبة القيمة المضافة, قيمة الضريبة`,
  gross: `invoice total, grand total, total due, amount due, total incl vat, total inc vat, gross total, total gross,
    rechnungsbetrag, rechnungssumme, gesamtbetrag, bruttobetrag, brutto, gesamtsumme, endbetrag, factuurbedrag, totaal incl btw,
    te betalen, total ttc, montant ttc, net à payer, total factura, importe total, total con iva, totale fattura, totale documento,
    totale da pagare, 請求金額, 合計金額, ご請求金額, 税込合計, 합계금액, 총액, 청구금액, ยอดรวม, ยอดรวมทั้งสิ้น, จำนวนเงินรวมทั้งสิ้น,
    价税合计, 总计, 应付金额, 发票总额, الإجمالي شامل الضريبة, المبلغ الإجمالي, إجمالي الفاتورة, المبلغ المستحق`,
};

interface Meaning {
  field: Field;
  isPrecise: boolean;
}

const MEANINGS = meanings();

function meanings(): ReadonlyMap<string, readonly Meaning[]> {
  const found = new Map<string, Meaning[]>();
  for (const field of [...LINE_FIELDS, ...HEAD_FIELDS]) {
    const [precise = '', loose = ''] = WORDS[field].split(/ \/\s/);
    for (const [words, isPrecise] of [
      [precise, true],
      [loose, false],
    ] as const)
      for (const word of words.split(',')) {
        const key = headingKey(word);
        if (key !== '') found.set(key, [...(found.get(key) ?? []), { field, isPrecise }]);
      }
  }
  return found;
}

/** Letters, digits and the sign of percent: `Menge (kg):` and `menge kg` are one. */
function headingKey(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%]/gu, '');
}

/** Meanings of a heading, the surest first. A remark in brackets and a currency are left out. */
export function meaningsOf(heading: string): readonly Meaning[] {
  const bare = heading.replaceAll(/[([（][^)\]）]*[)\]）]/gu, ' ');
  const plain = bare.replaceAll(
    /(?:\b(?:in|en|à)\s+)?(?:\b(?:EUR|USD|GBP|CHF|DKK|SEK|NOK|JPY|KRW|THB|CNY|AED|SAR)\b|[€$£¥])/gu,
    ' ',
  );
  for (const candidate of [heading, bare, plain]) {
    const found = MEANINGS.get(headingKey(candidate));
    if (found) return found;
  }
  return [];
}

/**
 * The column of each field. A field with two equal columns gets the first; `doubtful` names them.
 */
export function columnsOf(headings: readonly string[]): { columns: Map<Field, number>; doubtful: string[] } {
  const columns = new Map<Field, number>();
  const doubtful: string[] = [];
  const taken = new Set<number>();
  const readAs = headings.map((heading) => meaningsOf(heading));
  for (const isPrecise of [true, false])
    for (const field of [...LINE_FIELDS, ...HEAD_FIELDS]) {
      if (columns.has(field)) continue;
      const places = readAs.flatMap((all, place) =>
        !taken.has(place) && all.some((one) => one.field === field && one.isPrecise === isPrecise) ? [place] : [],
      );
      const [first, ...others] = places;
      if (first === undefined) continue;
      columns.set(field, first);
      taken.add(first);
      if (others.length > 0)
        doubtful.push(
          `The columns ${places.map((place) => `"${shown(headings[place])}"`).join(' and ')} mean the same; the first was read.`,
        );
    }
  return { columns, doubtful };
}

/** What no table of lines can be without. @returns the names of what is missing. */
export function missingIn(columns: ReadonlyMap<Field, number>): string[] {
  const hasAny = (...fields: Field[]) => fields.some((field) => columns.has(field));
  return [
    ...(hasAny('description', 'articleNumber', 'gtin') ? [] : ['a name or article number']),
    ...(columns.has('quantity') ? [] : ['a quantity']),
    ...(hasAny('netAmount', 'unitPrice') ? [] : ['an amount or price']),
  ];
}

export function shown(text: string | undefined): string {
  return (text ?? '').trim().slice(0, 40);
}
