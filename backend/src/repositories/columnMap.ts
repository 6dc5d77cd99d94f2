/** A field's column. */
export interface MappedColumn {
  column: string;
  type: 'uuid' | 'text' | 'int' | 'bigint' | 'date' | 'timestamptz' | 'jsonb';
  /**
   * Statements of the owning repository that write it. Absent: only special statements write it.
   */
  written?: 'insert' | 'save' | 'both';
}

/** Fields of a thing with their columns, for statements that are made from lists of fields. */
export class ColumnMap<Field extends string> {
  readonly fields: readonly Field[];
  readonly #columns: Readonly<Record<Field, MappedColumn>>;

  constructor(columns: Readonly<Record<Field, MappedColumn>>) {
    this.fields = Object.keys(columns) as Field[];
    this.#columns = columns;
  }

  /** Fields that an insertion or a save writes. */
  writtenBy(statement: 'insert' | 'save'): Field[] {
    return this.fields.filter((field) => {
      const { written } = this.#columns[field];
      return written === statement || written === 'both';
    });
  }

  /** `o.id, o.business_date as "businessDate"`: all columns as a row of the thing. */
  selection(alias: string): string {
    return this.fields.map((field) => `${alias}.${this.#columns[field].column} as "${field}"`).join(', ');
  }

  /** `id, business_date`: column names of these fields. */
  names(fields: readonly Field[]): string {
    return fields.map((field) => this.#columns[field].column).join(', ');
  }

  /** `status = $3, total = $4`: assigns parameters, the first of which has the number `first`. */
  parameters(fields: readonly Field[], first: number): string {
    return fields.map((field, index) => `${this.#columns[field].column} = $${first + index}`).join(', ');
  }

  /**
   * `total = o.total`: assigns columns of a row source, such as `excluded`, that has the columns'
   * own names.
   */
  assignments(fields: readonly Field[], source: string): string {
    return fields
      .map((field) => `${this.#columns[field].column} = ${source}.${this.#columns[field].column}`)
      .join(', ');
  }

  /** `o.id, o."businessDate"`: the fields of JSON records. */
  recordFields(fields: readonly Field[], alias: string): string {
    return fields.map((field) => `${alias}."${field}"`).join(', ');
  }

  /** `"id", "businessDate"`: names of the fields as columns of a row source. */
  aliases(fields: readonly Field[]): string {
    return fields.map((field) => `"${field}"`).join(', ');
  }

  /** The thing with these fields alone. */
  picked<T extends Partial<Record<Field, unknown>>>(
    fields: readonly Field[],
    thing: T,
  ): Partial<Record<Field, unknown>> {
    return Object.fromEntries(fields.map((field) => [field, thing[field]])) as Partial<Record<Field, unknown>>;
  }

  /** `"id" uuid, "businessDate" date`: column definitions for jsonb_to_recordset. */
  record(fields: readonly Field[]): string {
    return fields.map((field) => `"${field}" ${this.#columns[field].type}`).join(', ');
  }

  /**
   * Parameters of these fields. pg writes arrays in PostgreSQL's own notation; a jsonb column needs
   * JSON.
   */
  values<T extends Partial<Record<Field, unknown>>>(fields: readonly Field[], thing: T): unknown[] {
    return fields.map((field) => {
      const value: unknown = thing[field];
      return this.#columns[field].type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
    });
  }
}
