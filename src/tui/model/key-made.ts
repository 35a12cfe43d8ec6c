/** What is shown of a new API key, only once. The key lives in its screen and goes with it. */
export interface KeyMadeScreen {
  readonly kind: 'key-made';
  readonly description: string;
  readonly secret: string;
  readonly isCopied: boolean;
  readonly top: number;
}
