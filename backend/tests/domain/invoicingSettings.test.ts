/** Bank accounts, electronic addresses, addresses in parts and units, as people write them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import { assertTreatment } from '../../src/domain/order/vatCategory.js';
import { keptAccount, printedIban } from '../../src/domain/restaurant/bankAccount.js';
import { keptCompanyId, keptElectronicAddress } from '../../src/domain/restaurant/electronicAddress.js';
import { addressLines } from '../../src/domain/restaurant/postalAddress.js';
import { unitCodeOf } from '../../src/formats/eInvoice/unitCodes.js';

/** Asserts that it is refused at a place, and says why. */
function refused(attempt: () => unknown, pointer: string, message: RegExp): void {
  assert.throws(
    attempt,
    (error) => error instanceof AppError && error.errors?.[0]?.pointer === pointer && message.test(error.message),
  );
}

describe('a bank account', () => {
  test('is kept in capitals without blanks, whatever country it is in', () => {
    const written = [
      'de02 1203 0000 0000 2020 51',
      'GB82 WEST 1234 5698 7654 32',
      'NO9386011117947',
      'MT84MALT011000012345MTLCAST001S',
    ];
    for (const iban of written)
      assert.equal(keptAccount({ iban }, '').iban, iban.toUpperCase().replaceAll(' ', ''), iban);
    const account = keptAccount({ iban: 'CH93 0076 2011 6238 5295 7', bic: 'ubswchzh80a', holder: 'Limone' }, '');
    assert.deepEqual(account, { iban: 'CH9300762011623852957', bic: 'UBSWCHZH80A', holder: 'Limone' });
    assert.equal(printedIban(account.iban), 'CH93 0076 2011 6238 5295 7');
  });

  test('with a wrong digit, length or country is refused, and two swapped digits are found', () => {
    refused(() => keptAccount({ iban: 'DE02120300000000202052' }, '/a'), '/a/iban', /check digits/);
    refused(() => keptAccount({ iban: 'DE20120300000000202051' }, '/a'), '/a/iban', /check digits/);
    refused(
      () => keptAccount({ iban: 'DE0212030000000020205' }, '/a'),
      '/a/iban',
      /has 22 characters, this one has 21/,
    );
    refused(() => keptAccount({ iban: 'ZZ02120300000000202051' }, '/a'), '/a/iban', /is not an IBAN/);
    refused(() => keptAccount({ iban: '1234567' }, '/a'), '/a/iban', /is not an IBAN/);
  });
});

describe('an electronic address', () => {
  const VALID = [
    ['0088', '4006381333931'],
    ['0192', '974760673'],
    ['0208', '0202239951'],
    ['0007', '5567321707'],
    ['0151', '51824753556'],
    ['0184', 'DK12345674'],
    ['9930', 'DE123456789'],
    ['EM', 'a.b@example.com'],
  ] as const;

  test('is of a scheme in the list, and possible in it', () => {
    for (const [scheme, id] of VALID) assert.deepEqual(keptElectronicAddress({ scheme, id }, ''), { scheme, id });
    assert.equal(keptElectronicAddress({ scheme: '0088', id: '4006381 333931' }, '').id, '4006381333931');
  });

  test('with another digit is refused where digits are checked', () => {
    for (const [scheme, id] of VALID.slice(0, 5)) {
      const last = String((Number(id.at(-1)) + 1) % 10);
      refused(() => keptElectronicAddress({ scheme, id: id.slice(0, -1) + last }, '/e'), '/e/id', /looks like/);
    }
    refused(() => keptElectronicAddress({ scheme: '0192', id: '12' }, '/e'), '/e/id', /974760673/);
    refused(() => keptElectronicAddress({ scheme: 'EM', id: 'nobody' }, '/e'), '/e/id', /invoices@example\.com/);
    refused(() => keptElectronicAddress({ scheme: '9999', id: 'x' }, '/e'), '/e/scheme', /EAS list/);
  });

  test('is no number of a company, and the other way round', () => {
    assert.deepEqual(keptCompanyId({ scheme: '0106', id: '12345678' }, ''), { scheme: '0106', id: '12345678' });
    for (const scheme of ['9930', 'EM', '0001', '0092', '0249', '106'])
      refused(() => keptCompanyId({ scheme, id: 'x' }, '/c'), '/c/scheme', /ISO 6523/);
  });
});

describe('an address', () => {
  const parts = { street: '1 Main St', additional: 'Floor 2', city: 'Boston', postcode: '02108', region: 'MA' };

  test('in parts is printed in the order of its country, and wins over the free text', () => {
    const both = { address: 'old\ntext', postalAddress: parts };
    assert.deepEqual(addressLines(both, 'US'), ['1 Main St', 'Floor 2', 'Boston MA 02108']);
    assert.deepEqual(addressLines(both, 'DE'), ['1 Main St', 'Floor 2', '02108 Boston MA']);
    assert.deepEqual(addressLines({ postalAddress: { street: 'X', city: 'Dubai' } }, 'AE'), ['X', 'Dubai']);
  });

  test('in free text stays as it was written, without empty lines', () => {
    assert.deepEqual(addressLines({ address: 'Ring 1\n\n1010 Wien' }, 'AT'), ['Ring 1', '1010 Wien']);
    assert.deepEqual(addressLines({}, null), []);
  });
});

describe('a unit', () => {
  test('has its code in ten languages, in any case, with or without a dot', () => {
    const written: Record<string, string> = {
      LTR: 'Liter litres l LITRO litri ลิตร لتر リットル 升 리터',
      HUR: 'Std. hours heures horas ore ชั่วโมง ساعات 時間 小时 시간',
      DAY: 'Tage days jours días giorni วัน أيام 日 天 일',
      GRM: 'Gramm grams grammes gramos grammi กรัม غرام グラム 克 그램',
      LBR: 'Pfund pounds livres libras libbre ปอนด์ رطل ポンド 磅 파운드',
      KGM: 'kg Kilo kilogrammes kilogramos chili กิโลกรัม كيلوغرام キログラム 公斤 킬로그램',
      MIN: 'Minuten min. minutes minutos minuti นาที دقائق 分 分钟 분',
      XBO: 'Flaschen bottles bouteilles botellas bottiglie ขวด زجاجة 瓶 병',
      IE: 'Gäste guests personnes personas ospiti คน أشخاص 名様 人 사람',
      H87: 'Stück pcs pièces piezas pezzi ชิ้น قطعة 個 件 개',
    };
    for (const [code, words] of Object.entries(written))
      for (const word of words.split(' ')) assert.equal(unitCodeOf(word), code, word);
    assert.equal(unitCodeOf('ＫＧ'), 'KGM');
    assert.equal(unitCodeOf(' fl. oz '), 'OZA');
    assert.equal(unitCodeOf('KGM'), 'KGM');
  });

  test('that is not in the list has none', () => {
    for (const unit of ['Tischgedeck', 'half hour', '', 'constructor', 'toString'])
      assert.equal(unitCodeOf(unit), undefined, unit);
  });
});

describe('the VAT category of a tax', () => {
  const tax = { rate: '0', vatCategory: null, exemptionCode: null, exemptionReason: null };

  test('fits its rate, its code and its reason', () => {
    for (const fields of [
      {},
      { rate: '19' },
      { rate: '19', vatCategory: 'S' as const },
      { vatCategory: 'Z' as const },
      { vatCategory: 'E' as const, exemptionCode: 'VATEX-EU-132-1I', exemptionReason: 'School meals' },
      { vatCategory: 'AE' as const, exemptionCode: 'VATEX-EU-AE' },
      { vatCategory: 'O' as const, exemptionReason: 'Deposit' },
    ])
      assert.doesNotThrow(() => assertTreatment({ ...tax, ...fields }), JSON.stringify(fields));
  });

  test('that contradicts them is refused, with what to do', () => {
    refused(() => assertTreatment({ ...tax, rate: '19', vatCategory: 'AE' }), '/vatCategory', /Set the rate to 0/);
    refused(() => assertTreatment({ ...tax, vatCategory: 'S' }), '/vatCategory', /choose Z/);
    refused(() => assertTreatment({ ...tax, exemptionReason: 'x' }), '/exemptionReason', /Set vatCategory/);
    refused(
      () => assertTreatment({ ...tax, vatCategory: 'Z', exemptionCode: 'VATEX-EU-O' }),
      '/exemptionCode',
      /have a code/,
    );
    refused(
      () => assertTreatment({ ...tax, vatCategory: 'K', exemptionCode: 'VATEX-EU-AE' }),
      '/exemptionCode',
      /VATEX-EU-IC/,
    );
    refused(
      () => assertTreatment({ ...tax, vatCategory: 'E', exemptionCode: 'VATEX-EU-AE' }),
      '/exemptionCode',
      /VATEX list/,
    );
  });
});
