/** Pictures of dishes: three sizes, each under an address of its own that never changes. */

/** Longest side in pixels. Smaller pictures are not enlarged. */
export const PICTURE_SIZES = { small: 320, medium: 800, large: 1600 } as const;
export type PictureSize = keyof typeof PICTURE_SIZES;

/** Addresses on this server. */
export type Picture = { id: string } & Record<PictureSize, string>;

/** The key in the file store. It is never used again for other bytes. */
export function pictureKey(restaurantId: string, pictureId: string, size: PictureSize): string {
  return `menu-pictures/${restaurantId}/${pictureId}/${size}`;
}

export function pictureOf(restaurantId: string, pictureId: string | null): Picture | null {
  if (pictureId === null) return null;
  const name = `${restaurantId}${pictureId}`.replaceAll('-', '');
  const address = (size: PictureSize): string => `/v1/pictures/${name}/${size}.webp`;
  return { id: pictureId, small: address('small'), medium: address('medium'), large: address('large') };
}

/** The restaurant and the picture of an address. @param name 64 hexadecimal digits. */
export function pictureNamed(name: string): { restaurantId: string; pictureId: string } {
  return { restaurantId: uuidOf(name.slice(0, 32)), pictureId: uuidOf(name.slice(32)) };
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
