"""Writes the spreadsheets of this folder: `python make.py .` with openpyxl and XlsxWriter."""
import datetime as d, openpyxl, xlsxwriter, sys
out=sys.argv[1]
wb=openpyxl.Workbook()
hidden=wb.active; hidden.title="Lookups"; hidden.sheet_state="hidden"; hidden.append(["x"])
ws=wb.create_sheet("Tickets")
ws["A1"]="Export of tickets, May 2026"
ws.append([]); ws.append([])
rows=[["Id","Opened","Day","Price","Answers","Solved","Spent","Note"],
["what it is called","when","","","","","",""],
[9007199254740993,d.datetime(2026,5,1,10,30,15,250000),d.date(2026,5,2),1.1,3,True,d.timedelta(hours=25,minutes=30),"ä & <b> \"q\"\nline"],
["T2",d.datetime(1900,1,1),d.date(9999,12,31),0.30000000000000004,-7,False,d.timedelta(minutes=5),None],
[None]*8,
["T3",None,None,1e-7,None,None,None,"#N/A"],
[123,d.time(10,30),None,12345678901234567890,2.5,None,None," padded "]]
for i,r in enumerate(rows):
    for j,v in enumerate(r):
        if v is not None: ws.cell(row=4+i,column=1+j,value=v)
wb.save(out+"/openpyxl.xlsx")
w=xlsxwriter.Workbook(out+"/xlsxwriter.xlsx",{"date_1904":True,"strings_to_numbers":False})
s=w.add_worksheet("Data"); o=w.add_worksheet("Other")
date=w.add_format({"num_format":"dd.mm.yyyy hh:mm"}); bold=w.add_format({"bold":True})
s.write_row(0,0,["id","opened_at","total"])
s.write_string(1,0,"T1"); s.write_datetime(1,1,d.datetime(2026,5,1,10,30),date); s.write_formula(1,2,"=1+1",None,2)
s.write_rich_string(2,0,"T",bold,"2"); s.write_datetime(2,1,d.datetime(1904,1,1,6,0),date); s.write_formula(2,2,'="x"',None,"x")
s.write_string(3,0,"T3\x01"); s.write_boolean(3,2,True)
s.write_string(4,0,"T4"); s.write_formula(4,2,"=1/0",None,"#DIV/0!")
o.write(0,0,"nothing")
w.close()
