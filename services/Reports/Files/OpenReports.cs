using System.Collections.Concurrent;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.Extensions.Caching.Memory;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Which reports a person may open in which accounts, for figures that many rows or days of a page share. Each account is asked once for
/// each report, and its answer is kept for half a minute: only for figures, never for a file.
/// </summary>
sealed class OpenReports(ReleasedFiles released, IMemoryCache answers)
{
    const int AtOnce = 64;
    static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    /// <param name="asked">Accounts in reach.</param>
    /// <param name="deadline">For each account's answer.</param>
    /// <param name="anew">For a file: no answer from before.</param>
    /// <returns>For each the reason why not, in words; null if they may.</returns>
    public async Task<IReadOnlyDictionary<(string Account, string Report), string?>> WhyNot(
        IEnumerable<(string Account, string Report)> asked, Person person, Reach reach, TimeSpan deadline, CancellationToken cancel,
        bool anew = false)
    {
        var known = new ConcurrentDictionary<(string Account, string Report), string?>();
        // The database is not used meanwhile: accounts are asked at the same time.
        await Parallel.ForEachAsync(asked.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (one, stop) =>
        {
            // Whatever the answer depends on.
            var key = (nameof(OpenReports), person.Id, person.Level, person.GroupId, person.StaffEmail, one);
            if (!anew && answers.TryGetValue(key, out string? kept))
            {
                known[one] = kept;
                return;
            }
            var why = known[one] = await released.WhyNot(reach.Accounts[one.Account], one.Report, person, reach, deadline, stop);
            if (why is null or ReleasedFiles.NotPermitted)
                answers.Set(key, why, KeptFor);
        });
        return known;
    }
}
