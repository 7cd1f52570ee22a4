using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Schedules;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

/// <summary>What a report is asked and answers stands once, and everybody else reads it there.</summary>
public class ReportCatalogueTests
{
    static readonly string[] Elsewhere = ["reference/OfficePortal", "services/Reports", "gateway"];

    [Fact]
    public void Every_report_of_the_catalogue_has_its_query_in_the_account_and_its_permission() => Assert.All(ReportCatalogue.All, report =>
    {
        Assert.Equal(report.Code, EnterprisePortal.OfficePortal.Reports.Report.Find(report.Code)?.Code);
        Assert.Contains(report.Permission, PermissionCatalogue.ById.Keys);
        Assert.All(report.OutsideTotal, section => Assert.Contains(section, report.Sections));
        // Each filter is a property of what is asked, and a parameter of the query or one of its columns.
        Assert.All(report.Fields, filter => Assert.Null(new ReportParameters()[filter]));
    });

    [Fact]
    public void A_filter_is_named_by_the_catalogue_alone()
    {
        var filters = ReportCatalogue.All.SelectMany(report => report.Filters).Select(filter => filter.Name);
        var names = filters.Where(name => name.Any(char.IsUpper)).Append("FIN-1").Distinct().ToArray();

        foreach (var file in Elsewhere.SelectMany(folder => Repository.Files(folder, ".cs", ".razor")))
            foreach (var line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
                Assert.DoesNotContain(names, name => line.Contains($"\"{name}\"", StringComparison.Ordinal) && !IsItsPlace(file, name));

        static bool IsItsPlace(string file, string name) =>
            // Where the account looks names up, and the class that is the report.
            Path.GetFileName(file) is "ReportForm.cs" || name == "FIN-1" && Path.GetFileName(file) is "Fin1AgedAccounts.cs";
    }

    [Fact]
    public void The_documents_name_every_filter_and_choice_of_every_report()
    {
        var documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "account-api.md"));

        Assert.All(ReportCatalogue.All, report =>
            Assert.Contains($"| {report.Code} | {List(report.DateFilters)}: {List(report.Filters)} |", documented));

        static string List(IEnumerable<ReportFilter> filters) =>
            string.Join(", ", filters.Select(filter => $"`{filter.Name}`{Choices(filter)}"));

        static string Choices(ReportFilter filter) =>
            filter.Choices.Count == 0 ? "" : $" ({string.Join(", ", filter.Choices.Select(choice => choice.Value))})";
    }

    [Fact]
    public void Whatever_dates_a_schedule_may_have_it_can_work_out_on_any_day() => Assert.All(ReportCatalogue.All, report =>
    {
        foreach (var covers in ReportCatalogue.Coverings(report.Dates))
            for (var day = new DateOnly(2027, 12, 1); day < new DateOnly(2028, 4, 1); day = day.AddDays(1))
            {
                var asked = new ReportParameters().Dated(covers.Value, day);
                var isRange = asked.From <= asked.To && asked.To < day && asked.AsOf is null;
                var isDay = asked.AsOf <= day && asked.From is null && asked.To is null;
                Assert.True(report.Dates == ReportDates.Day ? isDay : isRange, $"{covers.Value} on {day}: {asked}");
            }
    });
}
