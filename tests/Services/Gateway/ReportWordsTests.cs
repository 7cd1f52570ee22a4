using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Gateway.Pages.Parts;

namespace EnterprisePortal.Tests.Gateway;

public class ReportWordsTests
{
    public static TheoryData<string, ReportParameters, string> Asked => new()
    {
        {
            "FIN-2", new(new(2026, 10, 1), new(2026, 10, 31), Program: "Swim Lessons", PaymentMethod: "card"),
            "1 Oct 2026 – 31 Oct 2026, payment method Card, program Swim Lessons"
        },
        { "FIN-1", new(AsOf: new(2026, 10, 31), OnlyPastDue: true, Split: false), "As of 31 Oct 2026, only past due" },
        { "CLA-9", new(Type: "make-up"), "Type Make Up" },
        { "FIN-4", new(), "No filters" },
        { "FIN-99", new(), "No filters" }
    };

    [Theory, MemberData(nameof(Asked))]
    public void What_was_asked_reads_as_a_sentence(string report, ReportParameters asked, string words) =>
        Assert.Equal(words, ReportFilters.InWords(report, asked));
}
