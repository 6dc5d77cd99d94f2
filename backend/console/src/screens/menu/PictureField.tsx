import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Picture } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';

/** The server's limit for one picture. */
const MOST_BYTES = 15_000_000;
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];
/** Some systems know no type for HEIC. */
const ENDINGS = /\.(jpe?g|png|webp|hei[cf])$/i;

/** The picture of a dish: uploaded at once, and shown to guests when the dish is saved. */
export function PictureField({
  picture,
  name,
  onChange,
  error,
}: {
  picture: Picture | null;
  name: string;
  onChange: (picture: Picture | null) => void;
  error: string | undefined;
}) {
  const t = useTranslations('menu');
  const { number } = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string>();
  const upload = useChange('uploadPicture');
  const isCutOff = useIsCutOff();
  const send = (field: HTMLInputElement): void => {
    const file = field.files?.[0];
    // The same file may be chosen again after a failure.
    field.value = '';
    if (!file) return;
    upload.reset();
    setWrong(undefined);
    if (!TYPES.includes(file.type) && !ENDINGS.test(file.name)) return setWrong(t('pictureType', { name: file.name }));
    if (file.size > MOST_BYTES) {
      const size = number(file.size / 1_000_000, { maximumFractionDigits: 1 });
      return setWrong(t('pictureSize', { name: file.name, size, most: number(MOST_BYTES / 1_000_000) }));
    }
    const body = new FormData();
    body.append('file', file, file.name);
    upload.mutate({ body }, { onSuccess: ({ data }) => onChange(data) });
  };
  return (
    <div className="menu-picture">
      {picture ? (
        <img className="menu-picture__image" src={picture.small} alt={t('pictureOf', { name })} />
      ) : (
        <span className="menu-picture__image muted">{t('noPicture')}</span>
      )}
      <div className="stack">
        <div className="row">
          <Button icon="photo" isBusy={upload.isPending} disabled={isCutOff} onClick={() => input.current?.click()}>
            {t(picture ? 'replacePicture' : 'addPicture')}
          </Button>
          {picture && (
            <Button look="quiet" icon="trash" onClick={() => onChange(null)}>
              {t('removePicture')}
            </Button>
          )}
        </div>
        <span className="field__hint">{t('pictureHint', { most: number(MOST_BYTES / 1_000_000) })}</span>
        {(wrong ?? error) !== undefined && (
          <p className="field__error" role="alert">
            {wrong ?? error}
          </p>
        )}
        <FormFailure error={upload.error} />
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept={[...TYPES, '.heic'].join(',')}
        data-testid="picture"
        onChange={({ currentTarget }) => send(currentTarget)}
      />
    </div>
  );
}
