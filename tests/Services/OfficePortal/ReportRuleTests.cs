using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>Closed days, counted rows, and filters that mean nothing. Each in an account of its own.</summary>
public class ReportRuleTests(ReportOffice office) : IClassFixture<ReportOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_charge_entered_later_leaves_the_closed_days_as_they_were_and_says_so_from_then_on()
    {
        await Account("rule-backdated");
        await Charge("rule-backdated", 1, "2026-01-10", "2026-01-10 16:00Z", 50m);
        var before = await Owed("rule-backdated", "2026-01-31");
        await Charge("rule-backdated", 2, "2026-01-15", "2026-02-20 16:00Z", 100m);

        var (closed, dayBefore) = (await Owed("rule-backdated", "2026-01-31"), await Owed("rule-backdated", "2026-02-19"));
        var entered = await Owed("rule-backdated", "2026-02-20");
        var listed = await office.Generate("rule-backdated", "FIN-6", new(new(2026, 1, 1), new(2026, 1, 31)));

        Assert.Equal([(50m, ""), (50m, ""), (50m, ""), (150m, "2026-02-20")],
            new[] { before, closed, dayBefore, entered }.Select(report => (report.Sum("Total"), report.Rows[0]["Entered later"])));
        // By charge date it is January's, and says since when it is.
        Assert.Equal([("2026-01-10", ""), ("2026-01-15", "2026-02-20")], listed.Rows.Select(row => (row["Date"], row["Entered later"])));
    }

    [Fact]
    public async Task What_was_entered_shortly_before_midnight_where_the_account_is_was_not_entered_later()
    {
        await Account("rule-midnight");
        await Charge("rule-midnight", 1, "2026-01-31", "2026-02-01 05:59Z", 50m);

        var report = await Owed("rule-midnight", "2026-01-31");

        Assert.Equal((50m, ""), (report.Sum("Total"), report.Rows[0]["Entered later"]));
    }

    [Fact]
    public async Task Charges_and_payments_explain_a_change_of_the_balance_even_with_backdated_charges()
    {
        const string code = "rule-explained";
        await Account(code);
        await Charge(code, 1, "2026-01-10", "2026-01-10 16:00Z", 50m);
        await Charge(code, 2, "2026-01-15", "2026-02-20 16:00Z", 100m);                          // January's, entered in February
        await Charge(code, 3, "2026-02-03", "2026-02-03 16:00Z", 30m, "2026-02-10 16:00Z");      // made and deleted
        await Charge(code, 4, "2026-02-05", "2026-03-02 16:00Z", 70m);                           // February's, entered in March
        await Charge(code, 5, "2026-01-20", "2026-01-20 16:00Z", 20m, "2026-02-11 16:00Z");      // January's, deleted in February
        await Charge(code, 6, "2026-03-01", "2026-02-25 16:00Z", 90m, "2026-02-26 16:00Z");      // deleted before its own date
        await office.Office.Sql("""
            insert into payment (account, id, family, received_at, method, amount, status, taken_by)
            values ($1, 1, 1, '2026-02-12 16:00Z', 'cash', 40, 'received', 'web')
            """, code);
        await office.Office.Sql("""
            insert into credit (account, id, family, type, amount, at, made_by, deleted_at)
            values ($1, 1, 1, 'Goodwill', 5, '2026-02-13 16:00Z', 'web', null),
              ($1, 2, 1, 'Referral', 8, '2026-01-13 16:00Z', 'web', '2026-02-14 16:00Z')
            """, code);

        var change = (await Owed(code, "2026-02-28")).Sum("Total") - (await Owed(code, "2026-01-31")).Sum("Total");
        var february = new ReportParameters(new(2026, 2, 1), new(2026, 2, 28));
        var charged = await office.Generate(code, "FIN-6", february with { From = new(2025, 1, 1) });
        var (moved, credits) = (await office.Generate(code, "FIN-2", february), await office.Generate(code, "FIN-15", february));

        // Each row counts from the latest of its dates (docs/account-api.md).
        var ofFebruary = charged.Rows.Where(row => Counts(row).StartsWith("2026-02-", StringComparison.Ordinal));
        Assert.Equal(43m, change);
        Assert.Equal([("Goodwill", "5.00", "Given"), ("Referral", "-8.00", "Deleted")],
            credits.Rows.Select(row => (row["Credit Type"], row["Amount"], row["Status"])));
        var charges = ofFebruary.Sum(row => ReportOffice.Generated.Money(row["Amount"]) + ReportOffice.Generated.Money(row["Tax"]));
        Assert.Equal(change, charges - moved.Sum("Amount") - credits.Sum("Amount"));

        static string Counts(IReadOnlyDictionary<string, string> row) =>
            new[] { row["Date"], row["Entered later"], row["Amount"].StartsWith('-') ? row["Deleted on"] : "" }
                .Max(StringComparer.Ordinal)!;
    }

    [Fact]
    public async Task A_deletion_stands_under_its_charges_date_and_says_when_it_was()
    {
        await Account("rule-deleted");
        await Charge("rule-deleted", 1, "2026-01-20", "2026-01-20 16:00Z", 55m, "2026-02-02 04:00Z");

        var january = await office.Generate("rule-deleted", "FIN-6", new(new(2026, 1, 1), new(2026, 1, 31)));
        var february = await office.Generate("rule-deleted", "FIN-6", new(new(2026, 2, 1), new(2026, 2, 28)));

        // In January nobody knew of it; the evening of 1 February is the 2nd in UTC.
        Assert.Equal([("2026-01-20", "55.00", "Unpaid", "")], january.Rows.Select(Row));
        Assert.Equal([("2026-01-20", "-55.00", "Deleted", "2026-02-01")], february.Rows.Select(Row));
        Assert.Equal(["Deleted on", "Entered later"], february.About.Columns.TakeLast(2).Select(column => column.Name));

        static (string, string, string, string) Row(IReadOnlyDictionary<string, string> row) =>
            (row["Date"], row["Amount"], row["Status"], row["Deleted on"]);
    }

    [Theory]
    [InlineData("FIN-2", """{"from":"2026-01-01","to":"2026-01-31","paymentMethod":"bogus","bogus":1}""", "bogus paymentMethod")]
    [InlineData("FIN-1", """{"asOf":"yesterday"}""", "asOf")]
    [InlineData("CLA-9", """{"from":"2026-01-01","mode":"bogus"}""", "mode to")]
    [InlineData("FIN-4", """{"from":"2026-01-01","to":"2026-01-31","onlyPastDue":true}""", "onlyPastDue")]
    public async Task An_account_refuses_filters_that_mean_nothing_by_their_names(string report, string parameters, string fields)
    {
        using var asked = await office.Office.Portal(Austin).PostAsJsonAsync("reports", new
        {
            runId = Guid.CreateVersion7(), report, parameters = JsonSerializer.Deserialize<JsonElement>(parameters),
            requester = new
            {
                personId = Guid.CreateVersion7(), name = "Rosa Admin", level = "admin", groupId = Guid.CreateVersion7(),
                staffEmail = "portal-admin@bluedolphin.example"
            }
        }, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
        var problem = await asked.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.True(problem.TryGetProperty("errors", out var errors), $"{problem}");
        Assert.Equal(fields, string.Join(' ', errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_file_says_which_names_the_account_does_not_have_and_how_many_rows_each_section_has()
    {
        var program = await office.Office.Ask<string>("select name from program where account = $1 limit 1", Austin);
        var january = new ReportParameters(new(2026, 1, 1), new(2026, 1, 31));

        var unknown = await Unknown("CLA-5", january with { Program = program, Level = "Starfisch" });
        var all = await office.Generate(Austin, "CLA-5", january);

        Assert.Equal([("level", "Starfisch")], unknown);
        Assert.Empty(all.About.Unknown!);
        Assert.All(all.About.Sections!, section => Assert.Equal(all.Rows.Count(row => row["Section"] == section.Key), section.Value));
        Assert.Equal(["Drops", "Transfers"], all.About.Sections!.Keys.Order());
    }

    [Fact]
    public async Task Staff_are_known_by_name_and_e_mail_and_of_several_credit_types_the_wrong_one_is_named()
    {
        var credit = await office.Office.Ask<string>("select type from credit where account = $1 limit 1", Austin);
        var january = new ReportParameters(new(2026, 1, 1), new(2026, 1, 31));

        Assert.Empty(await Unknown("FIN-2", january with { Staff = $"OWNER@{Austin}.example" }));
        Assert.Equal([("staff", "Nobody")], await Unknown("FIN-2", january with { Staff = "Nobody" }));
        Assert.Equal([("creditTypes", "Goodwil")], await Unknown("FIN-4", january with { CreditTypes = $"{credit}, Goodwil" }));
    }

    async Task<IEnumerable<(string Filter, string Name)>> Unknown(string report, ReportParameters asked) =>
        (await office.Generate(Austin, report, asked)).About.Unknown!.Select(one => (one.Filter, one.Name));

    Task<ReportOffice.Generated> Owed(string account, string asOf) =>
        office.Generate(account, "FIN-1", new(AsOf: DateOnly.Parse(asOf, null)));

    async Task Account(string code)
    {
        await office.Office.Sql("""
            insert into account (code, name, owner, contact, locations, time_zone, country, issuer, enterprise_id,
              enterprise_name, client_id)
            select $1, $1, owner, contact, locations, time_zone, country, issuer, enterprise_id, enterprise_name, client_id
            from account where code = 'bluedolphin-austin'
            """, code);
        await office.Office.Sql("""
            insert into staff (account, email, name, full_permissions, portal_entry)
            values ($1, 'portal-admin@bluedolphin.example', 'Admin', true, true)
            """, code);
        await office.Office.Sql("insert into family (account, id, name) values ($1, 1, 'Smith, Mary')", code);
        await office.Office.Sql("insert into charge_category (account, id, name) values ($1, 1, 'Tuition')", code);
    }

    Task Charge(string account, long id, string date, string entered, decimal amount, string? deleted = null) => office.Office.Sql("""
        insert into charge (account, id, family, category, description, charge_date, due_date, amount, created_at, created_by, deleted_at)
        values ($1, $2, 1, 1, 'Tuition', $3::text::date, $3::text::date, $4, $5::text::timestamptz, 'web', nullif($6, '')::timestamptz)
        """, account, id, date, amount, entered, deleted ?? "");
}
