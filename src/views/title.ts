/** An entry in one line: what it is, how it came out. Evidence: escape before showing. */
export interface Title {
  title: string;
  result?: string;
  tone?: 'good' | 'bad' | 'quiet';
}
