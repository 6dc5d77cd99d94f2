/** Finds out which standard an XML file follows, and reads its invoices. */
import type { ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import { readCii } from '../../domain/supplierInvoice/readCii.js';
import { readFatturaPa } from '../../domain/supplierInvoice/readFatturaPa.js';
import { readUbl } from '../../domain/supplierInvoice/readUbl.js';
import { nodeAt, nodesAt, type XmlNode } from '../../domain/supplierInvoice/xmlNode.js';
import { parseXml } from './parseXml.js';
import { Unreadable } from './unreadable.js';

const UBL = /^urn:oasis:names:specification:ubl:schema:xsd:(?:Invoice|CreditNote)-2$/;
const SOME_INVOICES = 100;

/** @throws Unreadable for XML that is no invoice, with what it is if that is known. */
export function readXml(bytes: Uint8Array): ReadInvoice[] {
  return readRoot(parseXml(bytes));
}

function readRoot(root: XmlNode): ReadInvoice[] {
  switch (root.name) {
    case 'Invoice':
    case 'CreditNote':
      if (!UBL.test(root.namespace)) break;
      return [readUbl(root)];
    case 'CrossIndustryInvoice':
    case 'CrossIndustryDocument':
      return [readCii(root)];
    case 'FatturaElettronica':
      return bounded(root);
    case 'StandardBusinessDocument':
      return readWrapped(root);
    case 'SCRDMCCBDACIOMessageStructure':
    case 'CrossIndustryOrder':
      throw new Unreadable('This is an order (Order-X), not an invoice. Orders are not read into stock.');
    case 'FatturaElettronicaSemplificata':
      throw new Unreadable('This is a simplified Italian invoice without quantities. Enter the delivery by hand.');
  }
  throw new Unreadable(
    `This XML is no invoice in UBL, CII or FatturaPA: its root element is ${root.name.slice(0, 60)}.`,
  );
}

/** An invoice in the envelope of the Peppol network. */
function readWrapped(root: XmlNode): ReadInvoice[] {
  const inner = root.children.find((child) => child.name !== 'StandardBusinessDocumentHeader');
  if (!inner || inner.name === root.name) throw new Unreadable('This envelope holds no invoice.');
  return readRoot(inner);
}

function bounded(root: XmlNode): ReadInvoice[] {
  const bodies = nodesAt(root, 'FatturaElettronicaBody').length;
  if (bodies > SOME_INVOICES)
    throw new Unreadable(`This file has ${bodies} invoices; at most ${SOME_INVOICES} are read.`);
  if (bodies === 0 || !nodeAt(root, 'FatturaElettronicaHeader'))
    throw new Unreadable('This FatturaPA holds no invoice.');
  return readFatturaPa(root);
}
