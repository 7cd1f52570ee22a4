using System.Globalization;
using EnterprisePortal.Contracts.AccountApi;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>Each report against loops over the same rows, day by day in the account's zone, and never the same SQL.</summary>
public class ReportTests(ReportOffice office) : IClassFixture<ReportOffice>
{
    public static TheoryData<string, string, string> Ranges => new()
    {
        { Austin, "2026-02-01", "2026-02-28" }, { Denver, "2025-11-01", "2026-01-31" }, { Austin, "2025-11-02", "2025-11-02" },
            { Denver, "2026-03-08", "2026-03-10" }
    };

    [Theory, MemberData(nameof(Ranges))]
    public async Task Bank_Deposit_is_the_money_that_moved_on_these_days(string account, string from, string to)
    {
        var (books, range) = (await Books.Of(office, account), new Days(account, from, to));
        var deleted = books.Events.Where(one => one.Kind == "delete").Select(one => one.Payment).ToHashSet();
        var takenBack = books.Events.Where(one => one.Refund is not null).Select(one => one.Refund!.Value).ToHashSet();
        var (total, outside, rows) = (0m, 0m, 0);
        foreach (var payment in books.Payments.Where(payment => range.Has(payment.At)))
        {
            rows++;
            if (payment.Status == "failed" || deleted.Contains(payment.Id))
                outside += payment.Amount;
            else
                total += payment.Amount;
        }
        foreach (var moved in books.Events.Where(moved => range.Has(moved.At)))
        {
            rows++;
            if (deleted.Contains(moved.Payment) || takenBack.Contains(moved.Id) || moved.Refund is not null)
                outside += moved.Amount;
            else
                total += moved.Amount;
        }

        var report = await office.Generate(account, "FIN-2", range.Asked);

        Assert.Equal((rows, total), (report.About.Rows, report.About.Totals["Amount"]));
        Assert.Equal((total, outside), (report.Sum("Amount", "Deposits"), report.Sum("Amount", "Deleted and failed")));
    }

    [Theory, MemberData(nameof(Ranges))]
    public async Task Program_Deposit_Split_gives_every_cent_received_to_one_row(string account, string from, string to)
    {
        var (books, range) = (await Books.Of(office, account), new Days(account, from, to));
        var expected = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        void Add(bool inRange, string row, decimal amount)
        {
            var key = $"{(inRange ? "Received in range" : "Adjustments to payments received before")}|{row}";
            expected[key] = expected.GetValueOrDefault(key) + amount;
        }
        var received = 0m;
        foreach (var payment in books.Payments.Where(payment => payment.Status == "received"))
        {
            var inRange = range.Has(payment.At);
            var left = inRange ? payment.Amount : 0m;
            received += left;
            foreach (var moved in books.Events.Where(moved => moved.Payment == payment.Id && range.Has(moved.At)))
            {
                Add(inRange, "Not Applied|" + moved.Kind switch
                    { "void" => "Voided", "delete" => "Deleted", _ => "Refunds" }, -moved.Amount);
                left += moved.Amount;
            }
            foreach (var applied in books.Applications.Where(applied => applied.Payment == payment.Id && range.Has(applied.At)))
            {
                var charge = books.Charges.Single(charge => charge.Id == applied.Charge);
                Add(inRange, $"{(charge.Program is { } program ? books.Programs[program] : "No Program")}|{books.Categories[charge.Category]}", applied.Amount);
                left -= applied.Amount;
            }
            Add(inRange, "Not Applied|Unapplied", left);
        }

        var report = await office.Generate(account, "FIN-4", range.Asked);

        var said = report.Rows.Where(row => row["Section"] != "Failed")
            .ToDictionary(row => $"{row["Section"]}|{row["Program"]}|{row["Charge Category"]}", row =>
                ReportOffice.Generated.Money(row["Total"]));
        Assert.Equal(expected.Where(row => row.Value != 0),
            said.Where(row => row.Value != 0).OrderBy(row => row.Key, StringComparer.Ordinal));
        string[] columns = ["Total", "Taxes", "Cash", "Check", "Card", "Bank"];
        Assert.All(report.Rows, row => Assert.Contains(columns, column => ReportOffice.Generated.Money(row[column]) != 0));
        Assert.Equal(received, report.About.Totals["Total"]);
        Assert.Equal(0m, report.Sum("Total", "Adjustments to payments received before"));
        Assert.Equal(books.Payments.Where(payment => payment.Status == "failed" && range.Has(payment.At)).Sum(payment => payment.Amount),
            report.Sum("Total", "Failed"));
        Assert.All(report.Rows, row =>
            Assert.Equal(ReportOffice.Generated.Money(row["Total"]), new[]
                { "Cash", "Check", "Card", "Bank" }.Sum(method => ReportOffice.Generated.Money(row[method]))));
    }

    [Theory, MemberData(nameof(Ranges))]
    public async Task Category_List_has_charges_and_deleted_charges(string account, string from, string to)
    {
        var (books, range) = (await Books.Of(office, account), new Days(account, from, to));
        var (rows, amount, tax, remaining) = (0, 0m, 0m, 0m);
        foreach (var charge in books.Charges)
        {
            var open = charge.Amount + charge.Tax;
            foreach (var applied in books.Applications)
                if (applied.Charge == charge.Id && range.Day(applied.At) <= range.To)
                    open -= applied.Amount;
            var gone = charge.DeletedAt is { } at ? range.Day(at) : DateOnly.MaxValue;
            foreach (var sign in new[]
                { charge.Date >= range.From && charge.Date <= range.To ? 1 : 0, (gone > charge.Date ? gone : charge.Date) is var day
                    && gone <= range.To && day >= range.From && day <= range.To ? -1 : 0 })
                if (sign != 0)
                    (rows, amount, tax, remaining) =
                        (rows + 1, amount + sign * charge.Amount, tax + sign * charge.Tax, remaining + sign * open);
        }

        var report = await office.Generate(account, "FIN-6", range.Asked);

        Assert.Equal((rows, amount, tax, remaining),
            (report.About.Rows, report.About.Totals["Amount"], report.About.Totals["Tax"], report.About.Totals["Remaining"]));
    }

    [Theory]
    [InlineData(Austin, "2026-03-10"), InlineData(Austin, "2025-12-31"), InlineData(Denver, "2026-01-15"), InlineData(Denver, "2024-02-29")]
    public async Task Aged_Accounts_of_a_past_day_knows_what_was_known_then(string account, string asOf)
    {
        var (books, day) = (await Books.Of(office, account), new Days(account, asOf, asOf));
        var expected = new Dictionary<string, decimal[]>();
        decimal[] Of(long family) => expected.TryGetValue($"{family}", out var row) ? row : expected[$"{family}"] = new decimal[6];
        foreach (var payment in books.Payments.Where(payment => payment.Status == "received" && day.Day(payment.At) <= day.To))
            Of(payment.Family)[5] -= payment.Amount
                + books.Events.Where(moved => moved.Payment == payment.Id && day.Day(moved.At) <= day.To).Sum(moved => moved.Amount);
        foreach (var credit in books.Credits.Where(credit => day.Day(credit.At) <= day.To))
            Of(credit.Family)[5] -= credit.Amount;
        foreach (var charge in books.Charges.Where(charge => charge.Date <= day.To && day.Day(charge.EnteredAt) <= day.To
            && (charge.DeletedAt is null || day.Day(charge.DeletedAt.Value) > day.To)))
        {
            var paid = books.Applications.Where(applied => applied.Charge == charge.Id && day.Day(applied.At) <= day.To)
                .Sum(applied => applied.Amount);
            var late = day.To.DayNumber - charge.Due.DayNumber;
            Of(charge.Family)[late switch { <= 0 => 0, <= 30 => 1, <= 60 => 2, <= 90 => 3, _ => 4 }] += charge.Amount + charge.Tax - paid;
            Of(charge.Family)[5] += paid;
        }

        var report = await office.Generate(account, "FIN-1", new(AsOf: day.To));

        string[] columns = ["Not Due", "1–30", "31–60", "61–90", "Over 90", "Unapplied Credit"];
        var owing = expected.Where(row => row.Value.Any(amount => amount != 0)).ToDictionary();
        Assert.Equal(owing.Keys.Order(), report.Rows.Select(row => row["Family Id"]).Order());
        Assert.All(report.Rows, row =>
            Assert.Equal(owing[row["Family Id"]], columns.Select(column => ReportOffice.Generated.Money(row[column]))));
        Assert.Equal(expected.Values.Sum(row => row.Sum()), report.About.Totals["Total"]);
    }

    [Theory, MemberData(nameof(Ranges))]
    public async Task Drops_and_new_enrollments_are_those_of_these_days(string account, string from, string to)
    {
        var range = new Days(account, from, to);
        var enrolled = await office.All(account, "created_at, start_date, drop_date, transferred_to is not null from enrollment", row =>
            (Created: row.GetDateTime(0), Start: row.GetFieldValue<DateOnly>(1), Drop: row.IsDBNull(2) ? (DateOnly?)null
                : row.GetFieldValue<DateOnly>(2), Transfer: row.GetBoolean(3)));

        var drops = await office.Generate(account, "CLA-5", range.Asked);
        var made = await office.Generate(account, "CLA-9", range.Asked);
        var starting = await office.Generate(account, "CLA-9", range.Asked with { Mode = "starting" });

        Assert.Equal(enrolled.Count(one => !one.Transfer && one.Drop >= range.From && one.Drop <= range.To),
            drops.Rows.Count(row => row["Section"] == "Drops"));
        Assert.Equal(enrolled.Count(one => one.Transfer && one.Drop >= range.From && one.Drop <= range.To),
            drops.Rows.Count(row => row["Section"] == "Transfers"));
        Assert.Equal(enrolled.Count(one => range.Has(one.Created)), made.About.Rows);
        Assert.Equal(enrolled.Count(one => one.Start >= range.From && one.Start <= range.To), starting.About.Rows);
    }

    /// <summary>The days from one date to another as the account's people count them.</summary>
    sealed class Days(string account, string from, string to)
    {
        readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(account == Denver ? "America/Denver" : "America/Chicago");

        public DateOnly From { get; } = DateOnly.Parse(from, CultureInfo.InvariantCulture);
        public DateOnly To { get; } = DateOnly.Parse(to, CultureInfo.InvariantCulture);
        public ReportParameters Asked => new(From, To);
        public DateOnly Day(DateTime at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(at, zone));
        public bool Has(DateTime at) => Day(at) >= From && Day(at) <= To;
    }
}
