/** FatturaPA (Italy, formats FPA12 and FPR12): a file may hold several invoices. */
import { add, divide, multiply, type Ratio, ratio, ratioOf, subtract } from '../number/ratio.js';
import { exactMoneyText, sumOf } from './decimals.js';
import {
  type Adjustment,
  documentTypeOf,
  NO_TOTALS,
  type ReadInvoice,
  type ReadLine,
  type ReadParty,
} from './readInvoice.js';
import { currencyOf, dateOf, nodeAt, nodesAt, Reader, textAt, type XmlNode } from './xmlNode.js';

const HUNDRED = ratio(100n);

export function readFatturaPa(root: XmlNode): ReadInvoice[] {
  const head = nodeAt(root, 'FatturaElettronicaHeader');
  const supplier = partyOf(nodeAt(head, 'CedentePrestatore/DatiAnagrafici'));
  const buyer = partyOf(nodeAt(head, 'CessionarioCommittente/DatiAnagrafici'));
  return nodesAt(root, 'FatturaElettronicaBody').map((body) => bodyOf(body, supplier, buyer));
}

function bodyOf(body: XmlNode, supplier: ReadParty, buyer: ReadParty): ReadInvoice {
  const read = new Reader();
  const general = nodeAt(body, 'DatiGenerali/DatiGeneraliDocumento');
  const typeCode = textAt(general, 'TipoDocumento');
  const lines = nodesAt(body, 'DatiBeniServizi/DettaglioLinee').map((line) => lineOf(line, read));
  const taxes = nodesAt(body, 'DatiBeniServizi/DatiRiepilogo').map((tax) => ({
    rate: read.decimal(tax, 'AliquotaIVA'),
    category: textAt(tax, 'Natura'),
    base: read.money(tax, 'ImponibileImporto'),
    amount: read.money(tax, 'Imposta'),
  }));
  return {
    format: 'fatturapa',
    typeCode,
    documentType: documentTypeOf(typeCode),
    number: textAt(general, 'Numero'),
    issueDate: dateOf(textAt(general, 'Data')),
    dueDate: dateOf(textAt(body, 'DatiPagamento/DettaglioPagamento/DataScadenzaPagamento')),
    currency: currencyOf(textAt(general, 'Divisa')),
    supplier,
    buyer,
    orderReference: textAt(body, 'DatiGenerali/DatiOrdineAcquisto/IdDocumento'),
    precedingNumber: textAt(body, 'DatiGenerali/DatiFattureCollegate/IdDocumento'),
    lines,
    adjustments: documentAdjustments(general, lines, read),
    taxes,
    totals: totalsOf(body, general, { lines, taxes }, read),
    totalEvidence: {},
    remarks: read.remarks,
  };
}

function partyOf(party: XmlNode | undefined): ReadParty {
  const person = [textAt(party, 'Anagrafica/Nome'), textAt(party, 'Anagrafica/Cognome')].filter(Boolean).join(' ');
  const number = textAt(party, 'IdFiscaleIVA/IdCodice');
  return {
    name: textAt(party, 'Anagrafica/Denominazione') ?? (person === '' ? null : person),
    vatId: number === null ? null : `${textAt(party, 'IdFiscaleIVA/IdPaese') ?? ''}${number}`,
  };
}

function lineOf(line: XmlNode, read: Reader): ReadLine {
  const codes = nodesAt(line, 'CodiceArticolo');
  const gtin = codes.find((one) => /^(?:EAN|GTIN)/i.test(textAt(one, 'CodiceTipo') ?? ''));
  const own = codes.find((one) => one !== gtin);
  const quantity = read.decimal(line, 'Quantita');
  const unitPrice = read.decimal(line, 'PrezzoUnitario');
  return {
    id: textAt(line, 'NumeroLinea'),
    articleNumber: textAt(own, 'CodiceValore'),
    gtin: textAt(gtin, 'CodiceValore'),
    description: textAt(line, 'Descrizione') ?? '',
    quantity,
    unit: textAt(line, 'UnitaMisura'),
    unitPrice,
    priceBaseQuantity: null,
    netAmount: read.money(line, 'PrezzoTotale'),
    taxRate: read.decimal(line, 'AliquotaIVA'),
    taxCategory: textAt(line, 'Natura'),
    adjustments: reductionsOf(line, ratioOf(unitPrice ?? '0'), ratioOf(quantity ?? '1'), read),
    evidence: null,
  };
}

/**
 * Reductions and increases (SC, MG), one after the other, each of the price that the ones before
 * have left. Amounts are for one unit.
 */
function reductionsOf(node: XmlNode | undefined, price: Ratio, quantity: Ratio, read: Reader): Adjustment[] {
  let left = price;
  return (node ? nodesAt(node, 'ScontoMaggiorazione') : []).map((one): Adjustment => {
    const isCharge = textAt(one, 'Tipo') === 'MG';
    const amount = read.decimal(one, 'Importo');
    const percent = read.decimal(one, 'Percentuale');
    const each = amount !== null ? ratioOf(amount) : divide(multiply(left, ratioOf(percent ?? '0')), HUNDRED);
    left = isCharge ? add(left, each) : subtract(left, each);
    const reason = amount === null && percent !== null ? `${percent} %` : null;
    return { isCharge, amount: exactMoneyText(multiply(each, quantity)), reason, taxRate: null, taxCategory: null };
  });
}

/** A percentage on the document is of the sum of its lines. */
function documentAdjustments(general: XmlNode | undefined, lines: readonly ReadLine[], read: Reader): Adjustment[] {
  return reductionsOf(general, sumOf(lines.map(({ netAmount }) => netAmount)), ratio(1n), read);
}

/** The document states no sums of lines, net and tax: they are those of its lines and taxes. */
function totalsOf(
  body: XmlNode,
  general: XmlNode | undefined,
  { lines, taxes }: Pick<ReadInvoice, 'lines' | 'taxes'>,
  read: Reader,
): ReadInvoice['totals'] {
  const net = sumOf(taxes.map(({ base }) => base));
  const tax = sumOf(taxes.map(({ amount }) => amount));
  const gross = read.money(general, 'ImportoTotaleDocumento') ?? exactMoneyText(add(net, tax));
  const withheld = nodesAt(body, 'DatiGenerali/DatiGeneraliDocumento/DatiRitenuta').map((one) =>
    read.money(one, 'ImportoRitenuta'),
  );
  const rounding = read.money(general, 'Arrotondamento');
  const prepaid = withheld.length === 0 ? null : exactMoneyText(sumOf(withheld));
  return {
    ...NO_TOTALS,
    lines: exactMoneyText(sumOf(lines.map(({ netAmount }) => netAmount))),
    net: exactMoneyText(net),
    tax: exactMoneyText(tax),
    gross,
    prepaid,
    rounding,
    payable: exactMoneyText(subtract(sumOf([gross, rounding]), sumOf([prepaid]))),
  };
}
