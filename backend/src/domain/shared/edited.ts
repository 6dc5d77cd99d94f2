/** Common fields of resources that people edit. Times are RFC 3339. */
export interface Edited {
  id: string;
  /** Raised by one with each edit; `If-Match` is compared with it. */
  version: number;
  createdAt: string;
  updatedAt: string;
}
