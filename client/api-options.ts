export interface ApiOptions {
  /** The API, such as https://api.example.com. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How long one request is tried again while the API does not answer; default two minutes. */
  readonly patienceMs?: number;
  /** Told once for each request that has to wait: why. */
  readonly onTrouble?: (why: string) => void;
}
