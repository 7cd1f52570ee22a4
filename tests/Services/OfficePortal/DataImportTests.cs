using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class DataImportTests(DataOffice office) : IClassFixture<DataOffice>
{
    const string Header = "Family,Guardian First Name,Guardian Last Name,Emails,Phones,Student,Level,Program,Enrolled\n";

    [Fact]
    public async Task A_roster_comes_in_with_several_guardians_and_numbers_as_people_write_them()
    {
        var (families, faults) = await office.Import(Header + """
            a,Mary,O'Brien,mary@mail.example,(512) 555-0162,Zoë,Starfish,Swim Lessons,2026-01-05
            a,José,García,,+1 512.555.0163;512 555 0162,Liam García,Penguin,Swim Lessons,1/5/2026
            b,Renée,Smith,,,,,,
            """);

        Assert.Empty(faults);
        Assert.Equal(2, families);
        var id = await office.Ask<long>("select id from family where account = $1 and name = $2", Austin, "O'Brien, Mary and José García");
        Assert.Equal(["+15125550162", "+15125550163"],
            await office.Ask<string[]>("select array_agg(phone order by phone) from phone where account = $1 and family = $2", Austin, id));
        Assert.Equal(2,
            await office.Ask<long>(
                "select count(*) from enrollment e join student s on s.account = e.account and s.id = e.student where s.account = $1 "
                + "and s.family = $2", Austin, id));
        Assert.NotEqual(0, await office.Ask<long>("select count(*) from family_change where account = $1 and family = $2", Austin, id));
    }

    [Fact]
    public async Task One_bad_row_and_nothing_is_imported_but_every_bad_row_is_named()
    {
        var before = await office.Ask<long>("select count(*) from family");

        var (families, faults) = await office.Import(Header + """
            1,Good,Person,good@mail.example,512-555-0170,Kid,Starfish,Swim Lessons,2026-01-05
            2,Only,,not an address,555-01,,,,
            ,No,Family,,,,,,
            4,Ann,Lee,,,Kid,Starfish,,31/12/2026
            5,,,,,Kid,,,
            """);

        Assert.Equal(0, families);
        Assert.Equal(
        [
            "line 3: a guardian needs a first and a last name", "line 3: \"not an address\" is not an e-mail address",
            "line 3: \"555-01\" is not a phone number in US",
            "line 4: Family is empty",
            "line 5: \"31/12/2026\" is not a date; write 2026-09-01 or 9/1/2026", "line 5: an enrollment needs Level, Program and Enrolled",
            "line 3: the family 2 has no guardian", "line 6: the family 5 has no guardian"
        ], faults);
        Assert.Equal(before, await office.Ask<long>("select count(*) from family"));
    }

    [Fact]
    public async Task The_same_roster_twice_is_refused_the_second_time()
    {
        const string Roster = Header + "1,Twice,Told,twice@mail.example,,,,,\n";
        Assert.Equal(1, (await office.Import(Roster)).Families);

        var fault = Assert.Single((await office.Import(Roster)).Faults);
        Assert.StartsWith("line 2: Told, Twice is already in bluedolphin-austin as family ", fault);
    }
}
