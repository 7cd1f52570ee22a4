using System.Diagnostics.Metrics;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// Counters of the portal's own work (docs/operations.md says what each is good for). Numbers that can be read from a table are measured
/// there: <see cref="DatabaseGauge"/>.
/// </summary>
public sealed class PortalMetrics
{
    readonly Histogram<double> phoneLookups;
    readonly Counter<long> unanswered, searches, rows, reports, parked;

    public PortalMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(Telemetry.Source);
        phoneLookups = Meter.CreateHistogram("portal.phone.lookup.duration", "s", "How long a caller's look-up took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5] });
        unanswered = Meter.CreateCounter<long>("portal.phone.accounts.unanswered", "{account}",
            "Accounts that did not answer a look-up in time.");
        searches = Meter.CreateCounter<long>("portal.family.searches", "{search}", "Family searches.");
        rows = Meter.CreateCounter<long>("portal.snapshot.rows", "{row}", "Families and names that arrived for the index in snapshots.");
        reports = Meter.CreateCounter<long>("portal.report.accounts", "{account}", "Accounts of report runs that came to their end.");
        parked = Meter.CreateCounter<long>("portal.messages.parked", "{message}", "Messages put aside into an _error queue.");
    }

    internal Meter Meter { get; }

    /// <param name="outcome"><c>match</c>, <c>several</c>, <c>none</c> or <c>refused</c>.</param>
    public void PhoneLookup(string outcome, TimeSpan took) =>
        phoneLookups.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Tag.Outcome, outcome));

    public void Unanswered(string account) => unanswered.Add(1, new KeyValuePair<string, object?>(Tag.Account, account));

    /// <param name="outcome"><c>found</c>, <c>near</c> or <c>none</c>.</param>
    public void FamilySearch(string outcome) => searches.Add(1, new KeyValuePair<string, object?>(Tag.Outcome, outcome));

    public void SnapshotRows(int count) => rows.Add(count);

    /// <param name="outcome">The account's final state: <c>ready</c>, <c>failed</c>, <c>cancelled</c>.</param>
    public void ReportAccount(string outcome) => reports.Add(1, new KeyValuePair<string, object?>(Tag.Outcome, outcome));

    internal void Parked(string queue) => parked.Add(1, new KeyValuePair<string, object?>(Tag.Queue, queue));
}
