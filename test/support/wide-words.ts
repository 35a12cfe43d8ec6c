/** Words that are not one cell a letter: wide, combining, joined, from the right, and such as terminals disagree about. */

/** A name that an environment may have. */
export const WIDE_HOST = '東京 🐳 cafe\u0301';

/** Lines of a log, as a terminal shows each of them. */
export const WIDE_LINES = [
  'plain line before the others',
  '受注処理が完了しました: 注文 4711',
  '배포가 완료되었습니다 ✓ done',
  'deploy 🚀 of 🐳 whale, 🎉🎉🎉',
  'cafe\u0301 o\u0308ffnet um sieben, A\u030angstro\u0308m',
  'ภาษาไทย กำลังเริ่มต้น',
  'half ｶﾀｶﾅ and ＦＵＬＬ width',
] as const;

/** Labels of a container. */
export const WIDE_LABELS = {
  'com.docker.compose.project': '店舗',
  note: 'cafe\u0301 👩‍👩‍👧 🇩🇪 ❤️ end',
  team: '開発チーム 🐳🐳🐳',
  thai: 'ภาษาไทย กำลังเริ่มต้น',
} as const;

/** Arguments of `docker run`: those labels, and a variable of such words. */
export function wideArgs(): readonly string[] {
  const labels = Object.entries(WIDE_LABELS);
  return [
    ...labels.flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...['-e', 'GREETING=こんにちは世界 🎉'],
  ];
}

/** A shell script that says the lines for ever, twice a second, with such as no two terminals agree about between them. */
export function wideLoop(): string {
  const odd = ['joined 👩‍👩‍👧 family, 🇩🇪 flag, ❤️ heart', 'עברית from the right'];
  const said = [...odd, ...WIDE_LINES].map((line) => `echo '${line}'`).join('; ');
  return `while true; do ${said}; sleep 0.5; done`;
}
