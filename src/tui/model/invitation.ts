/** How a person agrees at the OIDC provider. */
export interface Invitation {
  readonly address: string;
  readonly userCode: string;
  /** With the code in it. */
  readonly completeAddress: string;
}
