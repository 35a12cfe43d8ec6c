/** The console's line to its source, and the size of its terminal: the two outer conditions that every screen shows. */

/** The same words as the client's FleetConnection: the state knows the shape, not the client. */
export type Connection =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAtMs: number }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly signIn?: { readonly username: string };
    };

/** In cells. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}
