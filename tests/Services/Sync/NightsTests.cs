using EnterprisePortal.Sync;

namespace EnterprisePortal.Tests.Sync;

public class NightsTests
{
    readonly SyncOptions options = new();

    [Theory]
    // An ordinary night, asked before and after its hour.
    [InlineData("America/Chicago", "2026-01-15T00:00:00Z")]
    [InlineData("America/Chicago", "2026-01-15T18:00:00Z")]
    [InlineData("Pacific/Auckland", "2026-01-15T18:00:00Z")]
    // Clocks go forward: 2026-03-08 has no 02:00 to 03:00 in the United States.
    [InlineData("America/Chicago", "2026-03-08T00:00:00Z")]
    [InlineData("Europe/London", "2026-03-29T00:00:00Z")]
    // Clocks go back: 2026-11-01 has 01:00 to 02:00 twice.
    [InlineData("America/Chicago", "2026-11-01T00:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T00:00:00Z")]
    public void Every_account_is_read_once_in_each_of_its_nights(string timeZone, string from)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        foreach (var account in Enumerable.Range(0, 200).Select(number => $"account-{number}"))
        {
            var at = DateTimeOffset.Parse(from, null);
            var nights = new List<DateTimeOffset>();
            for (var night = 0; night < 5; night++)
                nights.Add(at = options.NextNight(account, timeZone, at));

            var local = nights.Select(night => TimeZoneInfo.ConvertTime(night, zone)).ToList();
            Assert.All(local, night => Assert.InRange(night.TimeOfDay, TimeSpan.FromHours(1), TimeSpan.FromHours(5)));
            Assert.Equal(5, local.Select(night => night.Date).Distinct().Count());
            Assert.All(nights.Zip(nights.Skip(1)), pair =>
                Assert.InRange(pair.Second - pair.First, TimeSpan.FromHours(22.9), TimeSpan.FromHours(25.1)));
        }
    }

    [Fact]
    public void The_night_is_the_one_of_the_settings_also_past_midnight()
    {
        var late = new SyncOptions { NightFrom = new(22, 0), NightTo = new(2, 30) };
        foreach (var account in Enumerable.Range(0, 200).Select(number => $"account-{number}"))
        {
            var at = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
            for (var night = 0; night < 5; night++)
            {
                var next = late.NextNight(account, "Etc/UTC", at);
                Assert.True(next.Hour >= 22 || next.TimeOfDay <= new TimeSpan(2, 30, 0), $"{next}");
                Assert.InRange(next - at, TimeSpan.FromTicks(1), TimeSpan.FromDays(1));
                at = next;
            }
        }
    }

    [Fact]
    public void Accounts_are_spread_over_the_night_and_keep_their_minute()
    {
        var evening = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
        var starts = Enumerable.Range(0, 400).Select(number => options.NextNight($"account-{number}", "America/Chicago", evening)).ToList();

        var quarters = starts.GroupBy(start => (int)(start - starts.Min()).TotalMinutes / 15).Select(quarter => quarter.Count()).ToList();
        Assert.Equal(16, quarters.Count);
        Assert.All(quarters, count => Assert.InRange(count, 10, 45));
        Assert.Equal(starts[0].AddDays(1), options.NextNight("account-0", "America/Chicago", starts[0]));
    }
}
