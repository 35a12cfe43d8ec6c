/** The address that an authenticator app takes over, as a QR code of half blocks. */
import { renderUnicodeCompact } from 'uqr';

/** Rows that a form has in a window of 24. */
const ROOM = 20;
/** What every app takes for granted. */
const USUAL = new Set(['algorithm=SHA1', 'digits=6', 'period=30']);

/** Light is the ink: to be drawn in white on black. Left out is what apps know anyway, where it is too high otherwise. */
export function qrRows(url: string): readonly string[] {
  const [place = '', query = ''] = url.split('?');
  const fields = query.split('&').filter((field) => !USUAL.has(field));
  // The name in front of the colon of the account is the issuer, too.
  const fewer = fields.filter((field) => !field.startsWith('issuer='));
  const drawn = (some: readonly string[]) =>
    renderUnicodeCompact(`${place}?${some.join('&')}`, { border: 1 }).split('\n');
  const rows = drawn(fields);
  return rows.length <= ROOM ? rows : drawn(fewer);
}
