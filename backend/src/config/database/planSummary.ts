/** A node of `explain (format json)`, with the fields that the summary needs. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'CTE Name'?: string;
  'Plan Rows'?: number;
  Plans?: readonly PlanNode[];
}

const MAX_CHARS = 1_000;

/**
 * A plan in one line, with PostgreSQL's names for its nodes. The inputs of a node follow it in
 * brackets: `Limit 25 rows [Sort 12000 rows [Seq Scan on orders 12000 rows]]`. Rows are estimates.
 */
export function summarizePlan(plan: PlanNode): string {
  const text = describe(plan);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)} ...`;
}

function describe(node: PlanNode): string {
  const { 'Index Name': index, 'Plan Rows': rows, Plans: inputs = [] } = node;
  const relation = node['Relation Name'] ?? node['CTE Name'];
  const words = [
    node['Node Type'],
    ...(index === undefined ? [] : [`using ${index}`]),
    ...(relation === undefined ? [] : [`on ${relation}`]),
    ...(rows === undefined ? [] : [`${rows} rows`]),
    ...(inputs.length === 0 ? [] : [`[${inputs.map(describe).join(', ')}]`]),
  ];
  return words.join(' ');
}
