using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

public partial class MigrationTests
{
    // Of before the first release.
    static readonly string[] Before = ["Reports/Migrations/003_collected_files.sql", "Reports/Migrations/004_schedule_choices.sql"];

    /// <summary>While an upgrade runs, replicas of the version before work on the same tables (docs/deployment.md).</summary>
    [Fact]
    public void A_migration_takes_nothing_away_from_the_version_before()
    {
        var scripts = Repository.All.Where(file => !file.StartsWith("reference/", StringComparison.Ordinal)
            && file.Contains("/Migrations/", StringComparison.Ordinal)
            && file.EndsWith(".sql", StringComparison.Ordinal)
            && !Before.Any(old => file.EndsWith(old, StringComparison.Ordinal))).ToList();
        Assert.True(scripts.Count > 20);

        var takes = from script in scripts
                    from line in File.ReadLines(Repository.Path(script))
                    where TakesAway().IsMatch(line)
                    select $"{script}: {line.Trim()}";
        Assert.Empty(takes);
    }

    [GeneratedRegex(@"^\s*drop table|drop column|\brename\b|set not null|add column(?!.*default)(?!.*generated).*not null",
        RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();
}
