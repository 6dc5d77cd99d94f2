/** VAT numbers as settings and customers have them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keptVatId } from '../../src/domain/restaurant/vatNumber.js';

describe('VAT numbers', () => {
  test('are taken as people write them and kept in one form; others are refused', () => {
    const cases: [string, string | null, string | undefined][] = [
      ['DE 123 456 789', 'DE', 'DE123456789'],
      ['de123456789', null, 'DE123456789'],
      ['ATU12345678', 'AT', 'ATU12345678'],
      ['NL820098395B01', 'NL', 'NL820098395B01'],
      ['FR 12 345678901', 'FR', 'FR12345678901'],
      ['EL123456789', 'GR', 'EL123456789'],
      ['XI 123 4567 89', 'GB', 'XI123456789'],
      ['CHE-123.456.789 MWST', 'CH', 'CHE123456789MWST'],
      ['NO 123 456 789 MVA', 'NO', 'NO123456789MVA'],
      // Registered abroad.
      ['ATU12345678', 'DE', 'ATU12345678'],
      ['0105-556000001', 'TH', '0105-556000001'],
      ['T1234567890123', null, 'T1234567890123'],
      ['123456789', 'DE', undefined],
      ['DE12345678', 'DE', undefined],
      ['DE1234567890', null, undefined],
      ['GB12345678', 'GB', undefined],
      ['CHE12345678', 'CH', undefined],
      ['NO12345678', 'NO', undefined],
      ['USt 123', 'AT', undefined],
    ];
    for (const [text, country, kept] of cases) {
      const keep = () => keptVatId(text, country, '/vatId');
      if (kept === undefined) assert.throws(keep, { code: 'invalid_request' }, text);
      else assert.equal(keep(), kept);
    }
  });
});
